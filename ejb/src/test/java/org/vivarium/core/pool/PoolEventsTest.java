package org.vivarium.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.event.PoolExhausted;
import org.vivarium.api.event.PoolQueued;
import org.vivarium.api.event.PoolStarted;
import org.vivarium.api.event.PoolStopped;
import org.vivarium.api.event.PoolUtilized;
import org.vivarium.api.event.SessionsRefused;
import org.vivarium.api.memory.ByteBudget;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.api.view.PoolTotals.Counter;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.worker.RolloutView;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.PoolDefinition;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.recovery.RestartGovernorTest;
import org.vivarium.core.supervision.LifeCycleThread;
import org.vivarium.core.telemetry.Telemetry;
import org.vivarium.testing.ManualTicker;

class PoolEventsTest {
    private final List<PoolEvent> told = Collections.synchronizedList(new ArrayList<>());
    private final Telemetry telemetry = new Telemetry(Thread::new);
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final LifeCycleThread lifeCycle = new LifeCycleThread("p", Thread::new, timer, Runnable::run);
    private final PoolEvents events = new PoolEvents(
            new PoolContext(
                    new PoolDefinition("p", RestartGovernorTest.python(), PoolSettings.DEFAULT),
                    new ParameterStore("p", PoolSettings.DEFAULT),
                    new RestartGovernorTest.NothingStarts(),
                    telemetry,
                    new ManualTicker(),
                    () -> Instant.EPOCH,
                    timer,
                    () -> ServiceSettings.DEFAULT,
                    ByteBudget.unlimited()),
            lifeCycle,
            () -> view(2, 0, 0, 0),
            () -> sessions(0));

    @BeforeEach
    void listen() {
        telemetry.addHandler(told::add);
        telemetry.start();
    }

    @AfterEach
    void close() {
        timer.shutdownNow();
        lifeCycle.close(() -> {});
        telemetry.close();
    }

    @Test
    void how_busy_a_pool_is_is_told_when_it_changes() {
        look(view(2, 0, 0, 0), view(2, 0, 0, 0), view(2, 1, 0, 0), view(2, 1, 0, 0), view(0, 0, 0, 0));

        assertThat(told)
                .containsExactly(
                        new PoolUtilized("p", 0, 2, 0, 16, 0),
                        new PoolUtilized("p", 1, 2, 1, 16, 0.0625),
                        new PoolUtilized("p", 0, 0, 0, 0, Double.NaN));
    }

    @Test
    void how_many_wait_is_told_while_some_do_and_once_when_none_do_any_more() {
        look(view(0, 0, 0, 0), view(0, 0, 3, 0), view(0, 0, 3, 0), view(0, 0, 0, 0), view(0, 0, 0, 0));

        assertThat(told)
                .containsExactly(
                        new PoolQueued("p", 3, 42), new PoolQueued("p", 3, 42), new PoolQueued("p", 0, Double.NaN));
    }

    @Test
    void refused_calls_are_told_together_and_once() {
        look(view(0, 0, 0, 0), view(0, 0, 0, 7), view(0, 0, 0, 7), view(0, 0, 0, 9));

        assertThat(told).containsExactly(new PoolExhausted("p", 7, 0), new PoolExhausted("p", 2, 0));
    }

    @Test
    void refused_sessions_are_told_together_and_once_with_what_there_is() {
        List.of(0, 7, 7, 9).forEach(refused -> events.publish(sessions(refused)));
        telemetry.close();

        assertThat(told)
                .containsExactly(new SessionsRefused("p", 7, 3, 600, 500), new SessionsRefused("p", 2, 3, 600, 500));
    }

    private static SessionTotals sessions(long refused) {
        return new SessionTotals(3, 0, 0, 0, 0, 0, 0, refused, 600, 500, 100);
    }

    @Test
    void the_beginning_is_told_then_a_look_each_second_then_the_end() {
        events.start(2, true);
        await("the first look", () -> told.size() == 2);
        events.stop();
        await("the end", () -> told.size() == 3);

        assertThat(told)
                .containsExactly(
                        new PoolStarted("p", 2, true), new PoolUtilized("p", 0, 2, 0, 16, 0), new PoolStopped("p"));
    }

    private void look(PoolView... views) {
        for (PoolView view : views) {
            events.publish(view);
        }
        telemetry.close(); // has all delivered
    }

    private static PoolView view(int ready, int busy, int waiting, long rejected) {
        return new PoolView(
                "p",
                "READY",
                null,
                1,
                4,
                2,
                ready,
                ready,
                busy,
                ready - busy,
                0,
                0,
                0,
                0,
                8 * ready,
                busy,
                waiting,
                waiting == 0 ? Double.NaN : 42,
                0,
                PoolTotals.counted(counter -> counter == Counter.REJECTED ? rejected : 0),
                List.of(),
                Double.NaN,
                1,
                RolloutView.NONE,
                Instant.EPOCH);
    }
}
