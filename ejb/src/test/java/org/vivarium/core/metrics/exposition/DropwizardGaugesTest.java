package org.vivarium.core.metrics.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vivarium.core.metrics.PoolNumbers;
import org.vivarium.core.metrics.windows.Window;

class DropwizardGaugesTest {
    private final PoolNumbers numbers = new PoolNumbers();
    private final MetricRegistry registry = new MetricRegistry();

    @Test
    void what_has_a_window_has_a_gauge_for_each_and_all_else_one() {
        DropwizardGauges.register(registry, "default", numbers.pool);
        numbers.ended("default-1", "echo", Duration.ofMillis(1), Duration.ofMillis(2));
        numbers.pass(Duration.ofSeconds(90));
        numbers.ended("default-1", "echo", Duration.ofMillis(1), Duration.ofMillis(2));
        numbers.pass(Duration.ofSeconds(1));

        Map<String, Number> expected =
                Map.of("pool.default.Samples1m", 1L, "pool.default.Samples5m", 2L, "pool.default.Samples15m", 2L);
        expected.forEach((name, value) -> assertThat(value(name)).as(name).isEqualTo(value));
        assertThat(value("pool.default.WaitP99Millis15m"))
                .isEqualTo(numbers.pool
                        .view(Window.FIFTEEN_MINUTES)
                        .window()
                        .calls()
                        .waiting()
                        .p99Millis());
        assertThat(registry.getNames()).contains("pool.default.Target", "pool.default.BurnRate5m");
        assertThat(registry.getNames()).noneMatch(name -> name.matches(".*Target.+m|.*BurnRate5m.+"));
        assertThat(registry.getNames().stream().filter(name -> name.endsWith("15m")))
                .hasSameSizeAs(Attribute.ofPool(Window.FIFTEEN_MINUTES));
    }

    private Object value(String name) {
        return registry.getGauges().get(name).getValue();
    }

    @Test
    void descriptions_name_the_window() {
        assertThat(Attribute.ofPool(Window.FIFTEEN_MINUTES))
                .allSatisfy(attribute -> assertThat(attribute.description()).contains("the last 15 minutes"));
    }
}
