package org.vivarium.core.metrics.exposition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vivarium.api.operation.MetricsFormat;
import org.vivarium.api.view.BreakerView;
import org.vivarium.api.view.IsolationView;
import org.vivarium.api.view.PoolView;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.core.metrics.exposition.ServiceFamilies.Status;

class ServiceFamiliesTest {
    private static final int MOST_PROGRAMS = ServiceSettings.DEFAULT.integer(ServiceParameter.METRIC_PROGRAMS);

    private static final PoolView BROKEN = PoolView.failed("bad", "no such directory", Instant.EPOCH);

    @Test
    void a_pool_that_cannot_start_has_its_state_and_no_programs() {
        assertThat(text(Status.broken(BROKEN)))
                .contains(
                        "vivarium_pool_state{pool=\"bad\",state=\"BROKEN\"} 1.0",
                        "vivarium_pool_state{pool=\"bad\",state=\"DRAINED\"} 0.0",
                        "vivarium_pool_state{pool=\"bad\",state=\"RUNNING\"} 0.0",
                        "vivarium_pool_isolated_programs{pool=\"bad\"} 0.0")
                .noneMatch(line -> line.startsWith("vivarium_program_"));
    }

    @Test
    void a_breaker_is_in_one_of_its_states() {
        assertThat(text(new Status(BROKEN, Set.of(), List.of(breaker("echo", "HALF_OPEN")), List.of())))
                .contains(
                        "vivarium_program_breaker_state{pool=\"bad\",program=\"echo\",state=\"CLOSED\"} 0.0",
                        "vivarium_program_breaker_state{pool=\"bad\",program=\"echo\",state=\"HALF_OPEN\"} 1.0",
                        "vivarium_program_breaker_state{pool=\"bad\",program=\"echo\",state=\"OPEN\"} 0.0");
    }

    @Test
    void isolated_programs_are_counted_and_named() {
        IsolationView isolated = new IsolationView("crash", Instant.EPOCH, 3, Instant.EPOCH, 0);

        assertThat(text(new Status(BROKEN, Set.of(), List.of(breaker("crash", "CLOSED")), List.of(isolated))))
                .contains(
                        "vivarium_pool_isolated_programs{pool=\"bad\"} 1.0",
                        "vivarium_program_isolated{pool=\"bad\",program=\"crash\"} 1.0");
    }

    @Test
    void programs_that_were_called_have_series_of_their_own_first_and_those_beyond_a_hundred_are_counted_together() {
        List<BreakerView> breakers = Stream.concat(
                        IntStream.range(0, MOST_PROGRAMS + 1).mapToObj(i -> breaker("p%03d".formatted(i), "CLOSED")),
                        Stream.of(breaker("z", "OPEN"), breaker("z2", "OPEN")))
                .toList();

        assertThat(text(new Status(BROKEN, Set.of("z"), breakers, List.of())))
                .contains(
                        "vivarium_program_breaker_state{pool=\"bad\",program=\"z\",state=\"OPEN\"} 1.0",
                        "vivarium_program_breaker_state{pool=\"bad\",program=\"p098\",state=\"CLOSED\"} 1.0",
                        "vivarium_program_breaker_state{pool=\"bad\",program=\"_other\",state=\"OPEN\"} 1.0",
                        "vivarium_program_breaker_state{pool=\"bad\",program=\"_other\",state=\"CLOSED\"} 2.0");
    }

    @Test
    void the_service_says_what_it_is_and_since_when() {
        String java = Runtime.version().toString();

        assertThat(text())
                .contains(
                        "vivarium_build_info{java=\"" + java + "\",version=\"1.2\"} 1",
                        "vivarium_start_time_seconds 2.5");
    }

    private static BreakerView breaker(String program, String state) {
        return new BreakerView(program, state, 0, null, 0);
    }

    private static List<String> text(Status... pools) {
        MetricFamilies families = new MetricFamilies();
        ServiceFamilies.add(
                new ServiceFamilies.Service("1.2", Instant.ofEpochMilli(2_500), MOST_PROGRAMS),
                List.of(pools),
                families);
        return new String(families.write(MetricsFormat.PROMETHEUS), UTF_8)
                .lines()
                .toList();
    }
}
