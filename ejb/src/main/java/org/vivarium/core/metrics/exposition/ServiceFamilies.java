package org.vivarium.core.metrics.exposition;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vivarium.api.BreakerState;
import org.vivarium.api.PoolState;
import org.vivarium.api.view.BreakerView;
import org.vivarium.api.view.IsolationView;
import org.vivarium.api.view.PoolView;
import org.vivarium.core.metrics.Metrics;
import org.vivarium.core.metrics.exposition.MetricFamilies.Sample;

/** The states of all pools and of their programs, and what the service itself is, for Prometheus. */
public final class ServiceFamilies {
    private static final double MILLIS_PER_SECOND = 1e3;

    private final List<Status> pools;
    private final MetricFamilies out;

    private final int mostPrograms;

    private ServiceFamilies(int mostPrograms, List<Status> pools, MetricFamilies out) {
        this.mostPrograms = mostPrograms;
        this.pools = pools;
        this.out = out;
    }

    /**
     * What is served.
     *
     * @param version of the service
     * @param started when it did
     * @param mostPrograms how many programs of a pool have series of their own
     */
    public record Service(String version, Instant started, int mostPrograms) {}

    /**
     * The states of one pool.
     *
     * @param called names of the programs that have series of their own in the numbers of the pool
     * @param breakers none of a pool that could not be configured
     * @param isolated likewise
     */
    public record Status(PoolView pool, Set<String> called, List<BreakerView> breakers, List<IsolationView> isolated) {
        /** Returns the states of a pool that could not be configured. */
        public static Status broken(PoolView pool) {
            return new Status(pool, Set.of(), List.of(), List.of());
        }

        /** Groups by the label of the program: the called ones have their own, and others while there is room. */
        private <T> Map<String, List<T>> byProgram(List<T> all, Function<T, String> program, int most) {
            Set<String> named = new HashSet<>(called);
            all.stream().map(program).takeWhile(name -> named.size() < most).forEach(named::add);
            return all.stream()
                    .collect(Collectors.groupingBy(
                            each -> named.contains(program.apply(each)) ? program.apply(each) : Metrics.OTHER,
                            TreeMap::new,
                            Collectors.toList()));
        }
    }

    /** Adds to {@code out} what {@code service} and {@code pools}, those that cannot start included, are. */
    public static void add(Service service, List<Status> pools, MetricFamilies out) {
        out.info(
                "vivarium_build_info",
                "The version of the service and of the Java that it runs on.",
                List.of("version", service.version, "java", Runtime.version().toString()));
        out.gauge(
                "vivarium_start_time_seconds",
                "When the service started, in seconds since 1970.",
                Stream.of(new Sample<>(List.of(), service.started.toEpochMilli() / MILLIS_PER_SECOND)));
        new ServiceFamilies(service.mostPrograms, pools, out).add();
    }

    private void add() {
        out.gauge(
                "vivarium_pool_state",
                "1 for the state that the pool is in, 0 for all others.",
                pools.stream().flatMap(ServiceFamilies::states));
        out.gauge(
                "vivarium_program_breaker_state",
                "1 for the state that the circuit breaker of the program is in, 0 for all others; of _other, how many programs.",
                pools.stream().flatMap(this::breakers));
        out.gauge(
                "vivarium_pool_isolated_programs",
                "Programs that are isolated because they kill workers.",
                pools.stream()
                        .map(each -> new Sample<>(List.of("pool", each.pool.name()), (double) each.isolated.size())));
        out.gauge(
                "vivarium_program_isolated",
                "1 for a program that is isolated because it kills workers; of _other, how many. Others have none.",
                pools.stream().flatMap(this::isolated));
    }

    private static Stream<Sample<Double>> states(Status each) {
        return Arrays.stream(PoolState.values())
                .map(Enum::name)
                .map(state -> new Sample<>(
                        List.of("pool", each.pool.name(), "state", state), state.equals(each.pool.state()) ? 1.0 : 0));
    }

    private Stream<Sample<Double>> breakers(Status each) {
        return each.byProgram(each.breakers, BreakerView::program, mostPrograms).entrySet().stream()
                .flatMap(of -> Arrays.stream(BreakerState.values())
                        .map(Enum::name)
                        .map(state -> new Sample<>(
                                List.of("pool", each.pool.name(), "program", of.getKey(), "state", state),
                                (double) of.getValue().stream()
                                        .filter(breaker -> breaker.state().equals(state))
                                        .count())));
    }

    private Stream<Sample<Double>> isolated(Status each) {
        return each.byProgram(each.isolated, IsolationView::program, mostPrograms).entrySet().stream()
                .map(of -> new Sample<>(List.of("pool", each.pool.name(), "program", of.getKey()), (double)
                        of.getValue().size()));
    }
}
