package org.vivarium.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.api.view.HealthScoreView;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.metrics.LatencyView;

class HealthScoreTest {
    @ParameterizedTest
    @CsvSource({
        "0.70, 0.0, 10, NaN, 100, green", // busy as it should be
        "0.60, 0.0, 10, NaN, 100, green",
        "0.80, 0.0, 10, NaN, 100, green",
        "0.00, 0.0, 10, NaN,  85, green", // idle
        "0.30, 0.0, 10, NaN, 92.5, green",
        "0.90, 0.0, 10, NaN,  85, green",
        "1.00, 0.0, 10, NaN,  70, yellow", // always busy
        "0.70, 1.0, 10, NaN,  50, red", // all fail
        "0.70, 0.2, 10, NaN,  90, green",
        "0.70, 0.0, 10, 10, 100, green",
        "0.70, 0.0, 40, 10,  85, green", // four times as slow as it should be
        "1.00, 0.4, 40, 10,  35, red",
        "NaN,  NaN, NaN, 10, 85, green" // no calls yet
    })
    void the_score_follows_its_formula(
            double utilization, double errorRate, double p95, double target, double score, String colour) {
        LatencyView total = new LatencyView(1, p95, p95, p95, p95, p95, p95);
        long samples = Double.isNaN(errorRate) ? 0 : 10;
        CallStats minute = new CallStats("1m", 60, samples, 1, errorRate, utilization, total, total, total);

        HealthScoreView seen = HealthScore.of(minute, true, target);

        assertThat(seen.score()).isCloseTo(score, within(1e-9));
        assertThat(seen.colour()).isEqualTo(colour);
    }

    @Test
    void a_pool_that_cannot_serve_has_nothing() {
        CallStats minute = new CallStats(
                "1m", 60, 0, 0, Double.NaN, Double.NaN, LatencyView.NONE, LatencyView.NONE, LatencyView.NONE);

        assertThat(HealthScore.of(minute, false, Double.NaN)).isEqualTo(new HealthScoreView(0, "red", 0, 0, 0));
    }
}
