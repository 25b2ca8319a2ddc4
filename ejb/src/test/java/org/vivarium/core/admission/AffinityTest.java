package org.vivarium.core.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.failureOf;
import static org.vivarium.testing.fake.SteppedPool.resultOf;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.core.config.AffinityMode;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.FakeWorker;
import org.vivarium.testing.fake.SteppedPool;

class AffinityTest {
    private SteppedPool pool;

    @AfterEach
    void close() {
        pool.close();
    }

    private void start(int workers, AffinityMode mode) {
        pool = SteppedPool.of(
                workers,
                Map.of(
                        PoolParameter.AFFINITY_MODE,
                                (long) List.of(AffinityMode.values()).indexOf(mode),
                        PoolParameter.AFFINITY_WAIT, 500L,
                        PoolParameter.CHECKOUT_TIMEOUT, 3_000L));
        pool.workers().define("where", call -> call.result('"' + call.worker().id() + '"'));
        pool.start().awaitReady(workers);
    }

    /** Binds session {@code s}, and returns its worker. */
    private FakeWorker bind() {
        String id = resultOf(pool.beginIn("s", "where")).replace("\"", "");
        return pool.workers().get(id);
    }

    /** Has the worker of session {@code s} be busy with a call of nobody's. */
    private FakeCall occupy(FakeWorker worker) {
        FakeCall call = pool.hold();
        while (!call.worker().equals(worker)) {
            FakeCall other = pool.hold();
            call.result("0");
            call = other;
        }
        return call;
    }

    private SessionView session() {
        return pool.control().sessions(PageRequest.FIRST).items().get(0);
    }

    @Test
    void the_calls_of_a_session_run_in_the_worker_of_the_first() {
        start(3, AffinityMode.PREFER);
        FakeWorker home = bind();

        for (int call = 0; call < 10; call++) {
            assertThat(resultOf(pool.beginIn("s", "where"))).isEqualTo('"' + home.id() + '"');
        }

        assertThat(pool.control().sessionTotals().hits()).isEqualTo(10);
        assertThat(session().worker()).isEqualTo(home.id());
    }

    @Test
    void new_sessions_spread_evenly_over_the_workers() {
        start(3, AffinityMode.PREFER);

        for (int session = 0; session < 9; session++) {
            resultOf(pool.beginIn("s" + session, "echo"));
        }

        assertThat(pool.control().sessions(PageRequest.FIRST).items().stream()
                        .map(SessionView::worker)
                        .toList())
                .containsOnly("default-1", "default-2", "default-3")
                .satisfies(workers ->
                        assertThat(workers.stream().filter("default-1"::equals)).hasSize(3))
                .satisfies(workers ->
                        assertThat(workers.stream().filter("default-2"::equals)).hasSize(3));
    }

    @Test
    void prefer_waits_a_moment_for_a_busy_worker_then_takes_another_and_keeps_the_binding() {
        start(2, AffinityMode.PREFER);
        FakeWorker home = bind();
        FakeCall busy = occupy(home);
        CompletableFuture<String> call = pool.beginIn("s", "where");
        await("a call in queue", () -> pool.view().waiting() == 1);
        pool.pass(Duration.ofMillis(400));
        assertThat(call).isNotDone();

        pool.pass(Duration.ofMillis(200));

        assertThat(resultOf(call)).isNotEqualTo('"' + home.id() + '"');
        assertThat(session().worker()).isEqualTo(home.id());
        assertThat(pool.control().sessionTotals().misses()).isEqualTo(1);
        busy.result("1");
    }

    @Test
    void strict_queue_waits_for_its_worker_until_the_checkout_times_out_and_names_it() {
        start(2, AffinityMode.STRICT_QUEUE);
        FakeWorker home = bind();
        FakeCall busy = occupy(home);
        CompletableFuture<String> call = pool.beginIn("s", "where");
        await("a call in queue", () -> pool.view().waiting() == 1);

        pool.pass(Duration.ofSeconds(3));

        PythonException failure = failureOf(call);
        assertThat(failure.type()).isEqualTo("CheckoutTimeout");
        assertThat(failure).hasMessageContaining("its session is bound to " + home.id());
        assertThat(pool.control().sessionTotals().misses()).isZero();
        busy.result("1");
    }

    @Test
    void strict_fail_fails_at_once_while_its_worker_is_busy() {
        start(2, AffinityMode.STRICT_FAIL);
        FakeWorker home = bind();
        FakeCall busy = occupy(home);

        PythonException failure = failureOf(pool.beginIn("s", "where"));

        assertThat(failure.type()).isEqualTo("BoundWorkerBusy");
        assertThat(failure).hasMessageContaining(home.id());
        assertThat(failure.retryable()).isTrue();
        busy.result("1");
    }

    @Test
    void a_session_whose_worker_dies_while_its_call_waits_is_bound_anew() {
        start(2, AffinityMode.STRICT_QUEUE);
        FakeWorker home = bind();
        occupy(home);
        CompletableFuture<String> call = pool.beginIn("s", "where");
        await("a call in queue", () -> pool.view().waiting() == 1);

        home.dieOf(9);

        assertThat(resultOf(call)).isNotEqualTo('"' + home.id() + '"');
        assertThat(session().worker()).isNotEqualTo(home.id()).isNotNull();
        assertThat(pool.control().sessionTotals().rebinds()).isEqualTo(1);
    }

    @Test
    void none_binds_nothing() {
        start(2, AffinityMode.NONE);

        bind();

        assertThat(session().worker()).isNull();
        assertThat(pool.control().sessionTotals().bound()).isZero();
        assertThat(pool.control().sessionTotals().affinityHitRate()).isNaN();
    }
}
