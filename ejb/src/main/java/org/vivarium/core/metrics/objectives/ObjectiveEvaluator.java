package org.vivarium.core.metrics.objectives;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.vivarium.api.ObjectiveLevel;
import org.vivarium.api.view.objectives.ObjectiveSummary;
import org.vivarium.api.view.objectives.ObjectiveView;
import org.vivarium.core.config.Objective;
import org.vivarium.core.config.ObjectiveTarget;
import org.vivarium.core.metrics.windows.Durations;

/**
 * How well an objective is kept, as pure functions of counts.
 *
 * <ul>
 *   <li>Allowed is the part of the calls that may miss a target: 1 − quantile, 1 − success ratio, 1 − availability.
 *   <li>The burn rate of a window is the part of its calls that missed the target, by the allowed part.
 *   <li>The budget that is left is 1 − the burn rate of the last 24 hours.
 *   <li>Used, which the level follows from, is for a duration its quantile in the last 5 minutes by the target, for the
 *       others the burn rate of the last hour.
 * </ul>
 */
public final class ObjectiveEvaluator {
    private static final double PRECISION = 1e9; // so that 3 of 1,000 by 0.003 is 1, whatever binary fractions say

    private ObjectiveEvaluator() {}

    static List<ObjectiveView> of(Objective objective, ObjectiveSeries.Reading reading) {
        return Stream.of(ObjectiveTarget.DURATION, ObjectiveTarget.SUCCESS_RATIO, ObjectiveTarget.AVAILABILITY)
                .filter(objective::has)
                .map(target -> target == ObjectiveTarget.DURATION
                        ? duration(objective, reading)
                        : ratio(objective, target, reading))
                .toList();
    }

    private static ObjectiveView duration(Objective objective, ObjectiveSeries.Reading reading) {
        double target = objective.target(ObjectiveTarget.DURATION);
        double quantile = objective.target(ObjectiveTarget.QUANTILE);
        double millis = Durations.quantileMillis(reading.durations(), quantile);
        long samples = reading.durations().stream().mapToLong(Durations::count).sum();
        return view(objective, ObjectiveTarget.DURATION, quantile, reading)
                .with(target, quantile, millis, millis / target, samples);
    }

    private static ObjectiveView ratio(Objective objective, ObjectiveTarget target, ObjectiveSeries.Reading reading) {
        double demanded = objective.target(target);
        Tally hour = reading.hour();
        long all = hour.all(target);
        double kept = all == 0 ? Double.NaN : (double) (all - hour.bad(target)) / all;
        return view(objective, target, demanded, reading)
                .with(demanded, Double.NaN, kept, burnRate(target, hour, demanded), all);
    }

    private static Draft view(
            Objective objective, ObjectiveTarget target, double demanded, ObjectiveSeries.Reading reading) {
        return new Draft(
                objective.name(),
                target.key(),
                budgetLeft(target, reading.day(), demanded),
                burnRate(target, reading.five(), demanded),
                burnRate(target, reading.hour(), demanded));
    }

    /** What does not depend on the kind of target. */
    private record Draft(String name, String indicator, double budgetLeft, double burnRate5m, double burnRate1h) {
        ObjectiveView with(double target, double quantile, double value, double used, long samples) {
            return new ObjectiveView(
                    name,
                    indicator,
                    target,
                    quantile,
                    value,
                    used,
                    ObjectiveLevel.of(used),
                    samples,
                    budgetLeft,
                    burnRate5m,
                    burnRate1h);
        }
    }

    /** Returns how many times faster than allowed calls missed the target; NaN without calls. */
    static double burnRate(ObjectiveTarget target, Tally tally, double demanded) {
        long all = tally.all(target);
        double allowed = BigDecimal.ONE.subtract(BigDecimal.valueOf(demanded)).doubleValue();
        return all == 0 ? Double.NaN : rounded(tally.bad(target) / (all * allowed));
    }

    /** Returns the part that is left of what may go wrong; negative if more did, NaN without calls. */
    static double budgetLeft(ObjectiveTarget target, Tally day, double demanded) {
        return rounded(1 - burnRate(target, day, demanded));
    }

    private static double rounded(double value) {
        return Math.rint(value * PRECISION) / PRECISION;
    }

    /** Returns the worst of each number. */
    public static ObjectiveSummary worst(List<ObjectiveView> views) {
        return new ObjectiveSummary(
                views.stream().map(ObjectiveView::level).reduce(ObjectiveLevel.NO_DATA, ObjectiveLevel::or),
                views.stream().mapToDouble(ObjectiveView::budgetLeft).reduce(Double.NaN, ObjectiveEvaluator::less),
                views.stream().mapToDouble(ObjectiveView::burnRate5m).reduce(Double.NaN, ObjectiveEvaluator::more),
                views.stream().mapToDouble(ObjectiveView::burnRate1h).reduce(Double.NaN, ObjectiveEvaluator::more));
    }

    private static double less(double one, double other) {
        return Double.isNaN(one) || other < one ? other : one;
    }

    private static double more(double one, double other) {
        return Double.isNaN(one) || other > one ? other : one;
    }
}
