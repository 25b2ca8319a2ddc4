package org.vivarium.core.metrics;

import org.vivarium.api.view.HealthScoreView;
import org.vivarium.api.view.metrics.CallStats;

/**
 * How well a pool does, as one number: 100 · (0.3 · utilization term + 0.5 · success term + 0.2 · latency term), a pure
 * function of the last minute.
 *
 * <ul>
 *   <li>The utilization term is 1 from 60 to 80 %; below, it falls in a straight line to 0.5 for a pool that is idle,
 *       which wastes but hurts nobody; above, to 0 for one that is always busy.
 *   <li>The success term is the part of calls that did not fail; 1 without calls.
 *   <li>The latency term is 1 while the 95th percentile of the total is within the objective, and falls with objective
 *       ÷ percentile; 1 without an objective or calls.
 *   <li>A pool that should serve and has no ready worker has 0 in all terms.
 * </ul>
 */
public final class HealthScore {
    static final double GREEN = 80;
    static final double YELLOW = 60;

    private static final double UTILIZATION_WEIGHT = 30;
    private static final double SUCCESS_WEIGHT = 50;
    private static final double LATENCY_WEIGHT = 20;
    private static final double BEST_FROM = 0.6;
    private static final double BEST_TO = 0.8;
    private static final double IDLE = 0.5;

    private HealthScore() {}

    /**
     * Returns the score.
     *
     * @param serves whether the pool has a ready worker, or needs none
     * @param targetMillis the objective for the duration of calls; NaN for none
     */
    static HealthScoreView of(CallStats minute, boolean serves, double targetMillis) {
        if (!serves) {
            return new HealthScoreView(0, colour(0), 0, 0, 0);
        }
        double utilization = utilizationTerm(minute.utilization());
        double success = minute.samples() == 0 ? 1 : 1 - minute.errorRate();
        double latency = latencyTerm(minute.total().p95Millis(), targetMillis);
        double score = UTILIZATION_WEIGHT * utilization + SUCCESS_WEIGHT * success + LATENCY_WEIGHT * latency;
        return new HealthScoreView(score, colour(score), utilization, success, latency);
    }

    private static double utilizationTerm(double utilization) {
        if (Double.isNaN(utilization)) { // nobody has served yet, so nobody was busy
            return IDLE;
        } else if (utilization < BEST_FROM) {
            return IDLE + (1 - IDLE) * utilization / BEST_FROM;
        }
        return utilization <= BEST_TO ? 1 : Math.max(0, (1 - utilization) / (1 - BEST_TO));
    }

    private static double latencyTerm(double p95Millis, double targetMillis) {
        return p95Millis > targetMillis ? targetMillis / p95Millis : 1; // not so for NaN
    }

    private static String colour(double score) {
        if (score >= GREEN) {
            return "green";
        }
        return score >= YELLOW ? "yellow" : "red";
    }
}
