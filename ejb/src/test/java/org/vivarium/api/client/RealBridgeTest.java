package org.vivarium.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.adapter.boot.BridgeFunction;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Input;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.PoolQueries;
import org.vivarium.api.ProgramException;
import org.vivarium.api.PythonException;
import org.vivarium.api.PythonPool;
import org.vivarium.api.PythonProgram;
import org.vivarium.api.PythonStream;
import org.vivarium.api.client.bridge.BridgeConnection;
import org.vivarium.api.program.ProgramProxy;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** The public API through the bridge to real workers. */
@StartsProcesses
class RealBridgeTest {
    @TempDir
    private Path runs;

    private RunningService service;
    private BridgeFunction bridge;
    private PythonPool pool;

    /** As applications write them. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Image(byte[] data) {}

    /** As applications write them. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Pair(byte[] one, Image two, int three) {}

    /** As applications write them. */
    public record Statistics(int count, double mean) {}

    @PythonProgram
    interface Examples {
        Statistics statistics(@Input("numbers") List<Double> numbers);

        @PythonProgram(name = "stream_numbers")
        PythonStream<Integer> numbers(@Input("amount") int amount);

        @PythonProgram(name = "echo_bytes")
        byte[] echo(@Input Image image);

        default double mean(Double... numbers) {
            return statistics(Arrays.asList(numbers)).mean();
        }
    }

    @BeforeEach
    void start() throws IOException {
        service = new RunningService(runs, RunningService.examplesAndMisbehaviour(1)).awaitReady(1);
        bridge = new BridgeFunction(service.operations());
        pool = new BridgedPool("default", new BridgeConnection(() -> bridge));
    }

    @AfterEach
    void stop() {
        bridge.close();
        service.close();
    }

    @Test
    void binary_data_of_any_size_go_to_python_and_come_back_as_they_were() {
        for (int size : new int[] {0, 1, 300_000, 5_000_000}) {
            byte[] data = new byte[size];
            new Random(size).nextBytes(data);

            assertThat(pool.call("echo_bytes", new Image(data), byte[].class)).isEqualTo(data);
        }
        Pair pair = new Pair(new byte[] {1}, new Image(new byte[] {2, 3}), 4);
        Pair back = pool.call("echo", pair, Pair.class);
        assertThat(back.one()).isEqualTo(pair.one());
        assertThat(back.two().data()).isEqualTo(pair.two().data());
        assertThat(back.three()).isEqualTo(4);
    }

    @Test
    void a_stream_is_read_as_it_comes_and_stops_its_program_when_it_is_closed() {
        try (PythonStream<Integer> numbers =
                pool.stream("stream_numbers", Map.of("amount", 100_000_000), Integer.class, CallOptions.DEFAULT)) {
            assertThat(List.of(numbers.next(), numbers.next(), numbers.next())).containsExactly(0, 1, 2);
            assertThat(service.view().busy()).isEqualTo(1);
        }
        await("the program was stopped", () -> service.view().busy() == 0);
        assertThat(service.view().totals().died()).isZero();
    }

    @Test
    void a_program_that_fails_while_it_yields_fails_the_stream_in_the_callers_own_class() {
        try (PythonStream<Integer> numbers =
                pool.stream("yield_then_raise", null, Integer.class, CallOptions.DEFAULT)) {
            assertThat(numbers.next()).isEqualTo(1);
            assertThatThrownBy(numbers::hasNext)
                    .isInstanceOf(ProgramException.class)
                    .extracting(e -> ((PythonException) e).type())
                    .isEqualTo("ValueError");
        }
        assertThatThrownBy(() -> pool.stream("nothing", null, Integer.class, CallOptions.DEFAULT))
                .isInstanceOf(InvalidCallException.class);
    }

    @Test
    void a_publisher_delivers_all_that_is_asked_for() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            CompletableFuture<List<Integer>> all = new CompletableFuture<>();
            pool.stream("stream_numbers", Map.of("amount", 50), Integer.class, CallOptions.DEFAULT)
                    .publisher(executor)
                    .subscribe(new Collector(all));

            assertThat(all).succeedsWithin(Duration.ofSeconds(20));
            assertThat(all.join()).hasSize(50).startsWith(0, 1).endsWith(49);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void cancelling_the_stage_stops_the_program_and_the_worker_goes_on() {
        CompletableFuture<Object> sleeping = pool.callAsync(
                        "sleep", Map.of("seconds", 60), Object.class, CallOptions.DEFAULT)
                .toCompletableFuture();
        await("the program runs", () -> service.view().busy() == 1);

        assertThat(sleeping.cancel(true)).isTrue();

        await("the program was stopped", () -> service.view().busy() == 0);
        assertThat(pool.call("echo_bytes", new Image(new byte[] {5}), byte[].class))
                .containsExactly(5);
        assertThat(service.view().totals().died()).isZero();
    }

    @Test
    void interrupting_the_caller_cancels_the_call() throws Exception {
        FutureTask<String> ended = new FutureTask<>(() -> {
            try {
                pool.call("sleep", Map.of("seconds", 60), Object.class);
                return "returned";
            } catch (PythonException e) {
                return e.type() + ' ' + Thread.currentThread().isInterrupted();
            }
        });
        Thread caller = new Thread(ended);
        caller.start();
        await("the program runs", () -> service.view().busy() == 1);

        caller.interrupt();

        assertThat(ended.get()).isEqualTo("Interrupted true");
        await("the program was stopped", () -> service.view().busy() == 0);
    }

    @Test
    void progress_is_heard_in_the_thread_that_waits() {
        List<String> heard = new ArrayList<>();
        Thread caller = Thread.currentThread();

        pool.call(
                "slow_steps",
                Map.of("steps", 3, "pause_seconds", 0.05),
                Object.class,
                CallOptions.DEFAULT.withProgress((fraction, message) ->
                        heard.add((fraction == 1) + " " + message + ' ' + (Thread.currentThread() == caller))));

        assertThat(heard).startsWith("false step 1 of 3 true").endsWith("true step 3 of 3 true");
    }

    @Test
    void an_interface_is_a_pool_with_types() {
        Examples examples =
                ProgramProxy.of(Examples.class, name -> new BridgedPool(name, new BridgeConnection(() -> bridge)));

        assertThat(examples.statistics(List.of(1.0, 3.0))).isEqualTo(new Statistics(2, 2));
        assertThat(examples.mean(1.0, 2.0)).isEqualTo(1.5);
        assertThat(examples.echo(new Image(new byte[] {7}))).containsExactly(7);
        try (PythonStream<Integer> numbers = examples.numbers(3)) {
            assertThat(numbers.stream()).containsExactly(0, 1, 2);
        }
    }

    @Test
    void a_session_counts_on() {
        var session = pool.session("s1");

        assertThat(session.call("count", null, Map.class).get("count")).hasToString("1");
        assertThat(session.call("count", null, Map.class).get("count")).hasToString("2");
        assertThat(pool.call("count", null, Map.class).get("count")).hasToString("1");
    }

    @Test
    void adapter_operations_answer_plain_maps() {
        assertThat(pool.executeProgram("count", Map.of("step", 5), Map.of("session_id", "a", "timeout_millis", 5000)))
                .hasEntrySatisfying("count", count -> assertThat(count).hasToString("5"));
        assertThat(pool.healthCheck(Map.of()))
                .isEqualTo(Map.of(
                        "status", "ok", "pool", "default", "message", "", "state", "RUNNING", "workers", 1, "ready",
                        1));

        Map<String, Object> stats = pool.getStats(Map.of("workers", true));
        assertThat(stats)
                .containsOnlyKeys(
                        "pool",
                        "adapter",
                        "uptime_seconds",
                        "pool_status",
                        "call_stats",
                        "worker_stats",
                        "programs",
                        "capabilities",
                        "workers");
        assertThat((Map<?, ?>) stats.get("call_stats"))
                .isEqualTo(Map.of("calls", 1L, "errors", 0L, "timeouts", 0L, "rejected", 0L));
        assertThat((List<?>) stats.get("workers")).hasSize(1);
        assertThatThrownBy(() -> pool.getStats(Map.of("pool_name", "nobody")))
                .isInstanceOf(InvalidCallException.class)
                .hasMessageContaining("there is no pool 'nobody'");
    }

    @Test
    void another_application_asks_for_all_metrics_that_rest_has() {
        pool.call("echo", Map.of("value", "x"), Map.class, CallOptions.DEFAULT);
        PoolQueries queries = pool.queries();
        String worker = service.operations().pool("default").workers().get(0).id();
        Instant now = Instant.now();

        assertThat(queries.metrics("1m")).containsEntry("pool", "default").containsKeys("now", "window", "programs");
        assertThat(queries.range(now.minusSeconds(60), now, Duration.ofSeconds(5)))
                .containsEntry("stepSeconds", BigDecimal.valueOf(5.0));
        assertThat(queries.worker(worker, "5m")).containsEntry("worker", worker);
        assertThat(queries.errors("15m")).containsEntry("window", "15m");
        assertThat((List<?>) queries.summary().get("windows")).hasSize(3);
        assertThatThrownBy(() -> queries.metrics("2m"))
                .isInstanceOf(InvalidCallException.class)
                .hasMessage("window must be one of 1m, 5m, 15m, was \"2m\"")
                .extracting(e -> ((PythonException) e).type())
                .isEqualTo("InvalidOption");
        assertThatThrownBy(() -> queries.range(now, now, Duration.ofSeconds(5)))
                .isInstanceOf(InvalidCallException.class)
                .hasMessageStartingWith("from must be before to");
        assertThatThrownBy(() -> queries.worker("default-99", "1m"))
                .isInstanceOf(InvalidCallException.class)
                .hasMessageContaining("has no worker 'default-99'");
    }

    private static final class Collector implements Flow.Subscriber<Integer> {
        private final CompletableFuture<List<Integer>> all;
        private final List<Integer> chunks = new ArrayList<>();
        private Flow.Subscription subscription;

        Collector(CompletableFuture<List<Integer>> all) {
            this.all = all;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(Integer chunk) {
            chunks.add(chunk);
            subscription.request(1);
        }

        @Override
        public void onError(Throwable failure) {
            all.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            all.complete(chunks);
        }
    }
}
