package org.vivarium.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.failureOf;
import static org.vivarium.testing.fake.SteppedPool.resultOf;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.LogLevel;
import org.vivarium.api.PythonException;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.log.Audit;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.fake.SteppedPool;

class AuditTest {
    private static final Actor ADA = new Actor("ada", "rest");

    private CapturedLog audit;
    private SteppedPool pool;

    @BeforeEach
    void start() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.MAXIMUM_WORKERS, 4L));
        audit = new CapturedLog(Audit.LOGGER);
    }

    @AfterEach
    void close() {
        pool.close();
        audit.close();
    }

    @Test
    void a_new_size_is_told_with_the_old_one() {
        pool.control().resize(2, ADA);

        await("the line", () -> !audit.messages().isEmpty());
        assertThat(audit.messages()).containsExactly("INFO action=resize actor=ada door=rest pool=default from=1 to=2");
    }

    @Test
    void what_is_done_to_a_pool_and_its_workers_is_told_once_each() {
        pool.control().drain(ADA);
        pool.control().resume(ADA);
        pool.control().recycle("default-1", ADA);
        pool.control().rollingRestart(SteppedPool.python(), ADA);

        assertThat(audit.messages())
                .containsExactly(
                        "INFO action=drain actor=ada door=rest pool=default",
                        "INFO action=resume actor=ada door=rest pool=default",
                        "INFO action=recycle actor=ada door=rest pool=default worker=default-1",
                        "INFO action=rolling-restart actor=ada door=rest pool=default");
    }

    @Test
    void what_is_refused_is_not_told() {
        assertThatThrownBy(() -> pool.control().cancel("default-1/7", ADA)).isInstanceOf(InvalidCallException.class);
        assertThatThrownBy(() -> pool.control().forgetSession("s", ADA)).isInstanceOf(InvalidCallException.class);
        assertThatThrownBy(() -> pool.control().recycle("default-7", ADA)).isInstanceOf(InvalidCallException.class);
        assertThatThrownBy(() -> pool.control().releaseProgram("echo", ADA)).isInstanceOf(InvalidCallException.class);
        assertThatThrownBy(() -> pool.control().openBreaker("ecco", ADA)).isInstanceOf(InvalidCallException.class);
        assertThatThrownBy(() -> pool.control().resize(999, ADA)).isInstanceOf(IllegalArgumentException.class);

        assertThat(audit.messages()).isEmpty();
    }

    @Test
    void a_call_that_is_cancelled_is_named() {
        CompletableFuture<String> running = pool.begin("hold");
        pool.held(0);
        String call = pool.control().inFlight().get(0).id();

        pool.control().cancel(call, ADA);

        assertThat(audit.messages())
                .containsExactly("INFO action=cancel actor=ada door=rest pool=default call=" + call);
        pool.passUntil("the end", running::isDone);
        assertThat(failureOf(running).type()).isEqualTo("Cancelled");
    }

    @Test
    void a_session_that_is_forgotten_is_named_and_cannot_forge_a_line() {
        resultOf(pool.beginIn("s 1\nINFO action=drain", "echo"));

        pool.control().forgetSession("s 1\nINFO action=drain", ADA);

        assertThat(audit.messages())
                .containsExactly("INFO action=forget-session actor=ada door=rest pool=default"
                        + " session=\"s 1\\x0aINFO action=drain\"");
    }

    @Test
    void a_level_of_a_logger_is_told_with_the_one_before() {
        pool.control().setLoggerLevel("crm.db", LogLevel.DEBUG, ADA);
        pool.control().setLoggerLevel("crm.db", LogLevel.ERROR, ADA);
        pool.control().setLoggerLevel("crm.db", null, ADA);
        assertThatThrownBy(() -> pool.control().setLoggerLevel(" ", LogLevel.DEBUG, ADA))
                .hasMessage(
                        "logger must be the name of a Python logger, such as crm.db or root, of at most 255 characters");

        assertThat(audit.messages())
                .containsExactly(
                        "INFO action=set-logger-level actor=ada door=rest pool=default logger=crm.db from=program to=DEBUG",
                        "INFO action=set-logger-level actor=ada door=rest pool=default logger=crm.db from=DEBUG to=ERROR",
                        "INFO action=set-logger-level actor=ada door=rest pool=default logger=crm.db from=ERROR to=program");
    }

    @Test
    void a_breaker_is_told_with_its_state_before_and_by_one_line_only() {
        resultOf(pool.begin("echo"));
        try (CapturedLog others = new CapturedLog("org.vivarium.core.breaker")) {
            pool.control().openBreaker("echo", ADA);
            pool.control().closeBreaker("echo", ADA);

            assertThat(others.messages()).isEmpty();
        }
        assertThat(audit.messages())
                .containsExactly(
                        "INFO action=open-breaker actor=ada door=rest pool=default program=echo from=CLOSED to=OPEN",
                        "INFO action=close-breaker actor=ada door=rest pool=default program=echo from=OPEN to=CLOSED");
    }

    @Test
    void what_cannot_be_recorded_is_not_done() {
        resultOf(pool.begin("echo"));
        pool.changes().refuse(true);

        List<ThrowingCallable> changes = List.of(
                () -> pool.control().drain(ADA),
                () -> pool.control().resume(ADA),
                () -> pool.control().resize(2, ADA),
                () -> pool.control().recycle("default-1", ADA),
                () -> pool.control().rollingRestart(SteppedPool.python(), ADA),
                () -> pool.control().openBreaker("echo", ADA),
                () -> pool.control().closeBreaker("echo", ADA),
                () -> pool.control().collectGarbage("default-1", ADA));

        for (ThrowingCallable change : changes) {
            assertThatThrownBy(change)
                    .isInstanceOfSatisfying(
                            PythonException.class, e -> assertThat(e.type()).isEqualTo("ChangeNotRecorded"));
        }
        assertThat(resultOf(pool.begin("echo"))).as("calls need no record").isNotNull();
        assertThat(pool.control().view().size()).isEqualTo(1);
        assertThat(pool.control().breakers())
                .allMatch(breaker -> breaker.state().equals("CLOSED"));
        assertThat(audit.messages()).isEmpty();
    }
}
