package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.PythonException;
import org.vivarium.api.WorkerState;
import org.vivarium.api.view.worker.TransitionView;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.testing.ProcessTable;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Real Python workers that run several calls at a time. */
@StartsProcesses
class SlotsTest {
    private static final CallOptions SHORT = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(400));

    @TempDir
    private Path runs;

    private RunningService service;

    @AfterEach
    void stop() {
        service.close();
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    private void start(int workers, int slots) throws Exception {
        String text = RunningService.examplesAndMisbehaviour(workers)
                .replace("maximum = 16", "maximum = %d, slots = %d".formatted(workers, slots));
        service = new RunningService(runs, text).awaitReady(workers);
    }

    @Test
    void a_worker_runs_as_many_calls_at_a_time_as_it_has_slots() throws Exception {
        start(1, 8);

        assertEightMeet();

        assertThat(service.view().slots()).isEqualTo(8);
        await("all slots free", () -> service.view().busySlots() == 0);
        assertThat(service.control().workers()).extracting(WorkerView::slots).containsExactly(8);
    }

    @Test
    void a_ninth_call_waits_until_one_of_eight_has_ended() throws Exception {
        start(1, 8);
        List<CompletableFuture<String>> running = times(7, () -> async("sleep", "{\"seconds\":60}"));
        running.add(async("sleep", "{\"seconds\":1}"));
        await("all slots busy", () -> service.view().busySlots() == 8);
        CompletableFuture<String> ninth = async("echo", "{}");
        await("one waits", () -> service.view().waiting() == 1);
        assertThat(service.view().busy()).isEqualTo(1);
        assertThat(service.control().inFlight()).hasSize(8);

        assertThat(ninth).succeedsWithin(Duration.ofSeconds(20));
        assertThat(running.get(7)).isCompleted();
        running.forEach(call -> call.cancel(true));
    }

    @Test
    void async_programs_of_all_slots_share_one_loop() throws Exception {
        start(1, 8);

        List<CompletableFuture<String>> calls = times(8, () -> async("meet_on_loop", "{\"parties\":8}"));

        assertThat(calls.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    }

    @Test
    void the_context_of_a_call_is_never_that_of_its_neighbour() throws Exception {
        start(1, 8);
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        Map<String, AtomicInteger> counts = new HashMap<>();
        IntStream.range(0, 10).forEach(caller -> counts.put("s" + caller, new AtomicInteger()));
        List<CompletableFuture<?>> callers = new ArrayList<>();
        for (int caller = 0; caller < 10; caller++) {
            String session = "s" + caller;
            callers.add(inThread(() -> {
                for (int call = 0; call < 200; call++) {
                    String correlation = session + "-" + call;
                    CallContext context = new CallContext(session, correlation, null, null, null, null, null);
                    String expected = "[\"%1$s\",\"%2$s\",\"%1$s\",\"%2$s\",%3$d]"
                            .formatted(session, correlation, counts.get(session).incrementAndGet());
                    String told = service.call(
                            call % 2 == 0 ? "who" : "who_async",
                            "{\"pause\":%s}".formatted(call % 3 == 0 ? "0.001" : "0"),
                            CallOptions.DEFAULT.withContext(context));
                    if (!told.equals(expected)) {
                        wrong.add(told + " instead of " + expected);
                    }
                }
            }));
        }
        callers.forEach(CompletableFuture::join);

        assertThat(wrong).isEmpty();
        assertThat(service.view().totals().calls()).isEqualTo(2_000);
        assertThat(service.view().totals().errors()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "wait_async"})
    void a_call_in_any_slot_is_stopped_at_its_deadline_and_its_neighbours_go_on(String program) throws Exception {
        start(1, 8);
        List<CompletableFuture<String>> neighbours = times(3, () -> async("sleep", "{\"seconds\":2}"));
        neighbours.add(async("wait_async", "{\"seconds\":2}"));
        await("neighbours at work", () -> service.view().busySlots() == 4);

        PythonException failure = failure(program, "{\"seconds\":60}", SHORT);

        assertThat(failure.type()).isEqualTo("CallTimeout");
        assertThat(failure).hasMessageContaining("stopped the call and goes on");
        assertThat(failure.details().traceback()).contains("in " + program);
        neighbours.forEach(call -> assertThat(call).succeedsWithin(Duration.ofSeconds(20)));
        assertThat(service.view().totals().died()).isZero();
        assertEightMeet();
    }

    @Test
    void a_call_that_resists_ends_its_worker_and_its_neighbours_hear_why() throws Exception {
        start(1, 8);
        service.operations().pool("default").configure(Map.of("MaximumRetries", 0), Actor.SERVICE);
        CompletableFuture<String> neighbour = async("sleep", "{\"seconds\":60}");
        await("neighbour at work", () -> service.view().busySlots() == 1);

        PythonException failure = failure("stubborn", "{\"seconds\":60}", SHORT);

        assertThat(failure).hasMessageContaining("did not stop the call and was terminated");
        assertThat(neighbour)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(PythonException.class, lost -> {
                    assertThat(lost.type()).isEqualTo("WorkerLost");
                    assertThat(lost)
                            .hasMessageContaining(
                                    "was terminated for another of its calls (it ran 'stubborn' past its deadline)");
                });
        assertWholeAfterOneDeath();
    }

    @Test
    void what_a_call_has_left_behind_does_not_cost_its_neighbours_their_calls() throws Exception {
        start(1, 8);
        CompletableFuture<String> leaver = async(
                "leave_a_thread",
                "{\"seconds\":60}",
                CallOptions.DEFAULT.withTimeout(
                        Duration.ofMillis(1_500))); // in the first slot: a main thread can be interrupted
        await("it runs", () -> service.view().busySlots() == 1);
        CompletableFuture<String> neighbour = async("sleep", "{\"seconds\":4}");
        WorkerView old = service.control().workers().get(0);

        assertThat(leaver)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("is being replaced");

        assertThat(neighbour).succeedsWithin(Duration.ofSeconds(20));
        await("it has gone", () -> service.control().worker(old.id()).state() == WorkerState.TERMINATED);
        assertThat(service.control().worker(old.id()).history())
                .extracting(TransitionView::reason)
                .contains("WORK_LEFT_BEHIND", "DRAINED");
        assertThat(service.view().totals().died()).isZero();
        service.awaitReady(1);
        assertEightMeet();
    }

    @Test
    void what_a_call_has_left_behind_in_a_worker_without_others_ends_it() throws Exception {
        start(1, 8);

        assertThat(failure("leave_a_thread", "{\"seconds\":60}", SHORT)).hasMessageContaining("was terminated");

        assertWholeAfterOneDeath();
    }

    @Test
    void a_killed_worker_fails_all_its_calls_and_its_replacement_has_all_slots() throws Exception {
        start(1, 8);
        service.operations().pool("default").configure(Map.of("MaximumRetries", 0), Actor.SERVICE);
        List<CompletableFuture<String>> calls = times(8, () -> async("sleep", "{\"seconds\":60}"));
        String worker = service.control().workers().get(0).id();
        await("all at work", () -> count(service.control().dumpStacks(worker), "in sleep") == 8);

        ProcessHandle.of(service.control().workers().get(0).pid()).orElseThrow().destroyForcibly();

        calls.forEach(call -> assertThat(call)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("was killed by signal 9"));
        assertThat(service.view().totals().errors()).isEqualTo(8);
        assertWholeAfterOneDeath();
        assertThat(service.control().worker(worker).busySlots()).isZero();
    }

    @Test
    void a_degraded_worker_that_recovers_has_all_slots_whatever_calls_came_meanwhile() throws Exception {
        start(1, 8);
        checksOf(Map.of("HealthCheckTimeoutMillis", 50));
        WorkerView frozen = service.control().workers().get(0);
        ProcessTable.signal("STOP", List.of(frozen.pid()));

        service.pool().checkHealth();
        assertThat(state(frozen)).isEqualTo(WorkerState.DEGRADED);
        List<CompletableFuture<String>> calls = times(8, () -> async("meet", "{\"parties\":8}"));
        await("all wait", () -> service.view().waiting() == 8);
        ProcessTable.signal("CONT", List.of(frozen.pid()));

        calls.forEach(call -> assertThat(call).succeedsWithin(Duration.ofSeconds(20)));
        assertThat(service.view().totals().died()).isZero();
        assertThat(service.control().worker(frozen.id()).healthFailures()).isZero();
        assertEightMeet();
    }

    @Test
    void a_degraded_worker_that_is_replaced_while_its_slots_rest_leaves_none_behind() throws Exception {
        start(1, 8);
        checksOf(Map.of("HealthCheckTimeoutMillis", 50));
        WorkerView frozen = service.control().workers().get(0);
        ProcessTable.signal("STOP", List.of(frozen.pid()));
        service.pool().checkHealth();
        List<CompletableFuture<String>> calls = times(8, () -> async("meet", "{\"parties\":8}"));
        await("all wait", () -> service.view().waiting() == 8);

        service.operations().pool("default").recycle(frozen.id(), Actor.SERVICE);

        calls.forEach(call -> assertThat(call).succeedsWithin(Duration.ofSeconds(20)));
        await("it has gone", () -> isGone(frozen));
        assertEightMeet();
    }

    @Test
    void a_worker_that_gets_a_call_while_it_is_checked_is_not_degraded_and_loses_no_slot() throws Exception {
        start(1, 8);
        checksOf(Map.of("HealthCheckTimeoutMillis", 1_000));
        WorkerView frozen = service.control().workers().get(0);
        ProcessTable.signal("STOP", List.of(frozen.pid()));
        Thread check = new Thread(service.pool()::checkHealth);
        check.start();
        await("a slot is with the check", () -> isInChannel(check));
        CompletableFuture<String> call = async("echo", "{}");
        await("busy", () -> state(frozen) == WorkerState.BUSY);

        check.join();

        assertThat(state(frozen)).isEqualTo(WorkerState.BUSY);
        assertThat(service.view().decisions()).isEmpty();
        ProcessTable.signal("CONT", List.of(frozen.pid()));
        assertThat(call).succeedsWithin(Duration.ofSeconds(20));
        assertEightMeet();
        assertThat(service.control().worker(frozen.id()).history())
                .extracting(TransitionView::to)
                .doesNotContain(WorkerState.DEGRADED);
    }

    private static boolean isInChannel(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().endsWith("CallChannel"));
    }

    @Test
    void callers_do_not_notice_that_workers_are_recycled_and_restarted() throws Exception {
        start(2, 4);
        AtomicBoolean done = new AtomicBoolean();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        AtomicInteger answered = new AtomicInteger();
        List<CompletableFuture<?>> callers = new ArrayList<>();
        for (int caller = 0; caller < 10; caller++) {
            int number = caller;
            callers.add(inThread(() -> {
                for (int call = 0; !done.get(); call++) {
                    String inputs = "{\"n\":%d}".formatted(number * 1_000_000 + call);
                    String answer = number % 2 == 0
                            ? service.call("echo", inputs)
                            : service.call("wait_async", "{\"seconds\":0.01}").replace("0.01", inputs);
                    answered.incrementAndGet();
                    if (!answer.equals(inputs)) {
                        wrong.add(inputs + " was answered " + answer);
                    }
                }
            }));
        }
        for (int round = 0; round < 4; round++) {
            int seen = answered.get();
            await("further calls", () -> answered.get() > seen + 100);
            WorkerView old = service.control().workers().get(0);
            service.operations().pool("default").recycle(old.id(), Actor.SERVICE);
            await("it has gone", () -> isGone(old));
        }
        service.operations().pool("default").rollingRestart(Actor.SERVICE);
        await("done", () -> service.view().rollout().state().equals("DONE"));
        done.set(true);

        callers.forEach(caller -> assertThat(caller).succeedsWithin(Duration.ofSeconds(20)));
        assertThat(wrong).isEmpty();
        assertThat(service.view().totals().errors()).isZero();
        assertThat(service.view().totals().died()).isZero();
        service.awaitReady(2);
        assertThat(service.view().slots()).isEqualTo(8);
        assertThat(service.view().busySlots()).isZero();
    }

    @Test
    void a_session_hits_its_worker_by_whatever_slot_is_free() throws Exception {
        start(2, 2);
        service.operations().pool("default").configure(Map.of("AffinityMode", "strict-fail"), Actor.SERVICE);
        List<String> homes = new ArrayList<>();
        for (String session : List.of("a", "b", "c")) {
            homes.add(service.call("pid", "{}", in(session)));
        }
        assertThat(homes.get(0)).isNotEqualTo(homes.get(1)).isEqualTo(homes.get(2));
        CompletableFuture<String> neighbour = async("sleep", "{\"seconds\":2}", in("c"));
        await("one slot is busy", () -> service.view().busySlots() == 1);

        for (int call = 0; call < 20; call++) {
            assertThat(service.call("pid", "{}", in("a"))).isEqualTo(homes.get(0));
        }
        CompletableFuture<String> other = async("sleep", "{\"seconds\":1}", in("a"));
        await("both are busy", () -> service.view().busySlots() == 2);
        List<String> loose = new ArrayList<>();
        times(2, () -> async("pid", "{}")).forEach(call -> loose.add(call.join()));

        assertThat(loose).containsOnly(homes.get(1));
        assertThat(neighbour).succeedsWithin(Duration.ofSeconds(20));
        assertThat(other).succeedsWithin(Duration.ofSeconds(20));
        assertThat(service.control().sessionTotals().hits()).isEqualTo(22);
        assertThat(service.control().sessionTotals().misses()).isZero();
    }

    @Test
    void calls_spread_over_workers_before_they_share_one() throws Exception {
        start(3, 4);

        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int call = 1; call <= 3; call++) {
            int busy = call;
            calls.add(async("sleep", "{\"seconds\":1}"));
            await("one more busy", () -> service.view().busySlots() == busy);
        }

        assertThat(service.view().busy()).isEqualTo(3);
        calls.forEach(call -> assertThat(call).succeedsWithin(Duration.ofSeconds(20)));
    }

    @Test
    void another_number_of_slots_holds_for_workers_started_from_then_on() throws Exception {
        start(2, 1);
        service.operations().pool("default").configure(Map.of("SlotsPerWorker", 3), Actor.SERVICE);
        WorkerView old = service.control().workers().get(0);

        service.operations().pool("default").recycle(old.id(), Actor.SERVICE);
        await(
                "it has gone",
                () -> service.control().workers().stream()
                        .noneMatch(worker -> worker.id().equals(old.id())));
        service.awaitReady(2);

        assertThat(service.control().workers()).extracting(WorkerView::slots).containsExactly(1, 3);
        assertThat(service.view().slots()).isEqualTo(4);
    }

    /** A worker that has ended is listed until the life cycle has seen it. */
    private boolean isGone(WorkerView old) {
        return service.control().workers().stream()
                .noneMatch(worker -> worker.id().equals(old.id()));
    }

    private void assertWholeAfterOneDeath() {
        await("its death is told", () -> service.view().totals().died() == 1);
        service.awaitReady(1);
        assertThat(service.view().decisions()).hasSize(1);
        assertThat(service.view().busySlots()).isZero();
        assertEightMeet();
    }

    /** Each of the eight ends only if all are there at the same time. */
    private void assertEightMeet() {
        List<CompletableFuture<String>> calls = times(8, () -> async("meet", "{\"parties\":8}"));
        assertThat(calls.stream().map(CompletableFuture::join).distinct())
                .containsExactly(
                        String.valueOf(service.control().workers().get(0).pid()));
    }

    private void checksOf(Map<String, Integer> changes) {
        Map<String, Integer> all = new HashMap<>(Map.of("HealthRecheckMillis", 100, "MaximumHealthFailures", 100));
        all.putAll(changes);
        service.operations().pool("default").configure(all, Actor.SERVICE);
    }

    private WorkerState state(WorkerView worker) {
        return service.control().worker(worker.id()).state();
    }

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }

    private static <T> List<T> times(int amount, Supplier<T> what) {
        return new ArrayList<>(
                IntStream.range(0, amount).mapToObj(i -> what.get()).toList());
    }

    private static CompletableFuture<?> inThread(Runnable task) {
        return CompletableFuture.runAsync(task, run -> new Thread(run).start());
    }

    private static CallOptions in(String session) {
        return CallOptions.DEFAULT.withContext(new CallContext(session, null, null, null, null, null, null));
    }

    private CompletableFuture<String> async(String program, String inputs) {
        return async(program, inputs, CallOptions.DEFAULT);
    }

    private CompletableFuture<String> async(String program, String inputs, CallOptions options) {
        CompletableFuture<String> call = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                call.complete(service.call(program, inputs, options));
            } catch (PythonException e) {
                call.completeExceptionally(e);
            }
        });
        CompletableFuture<String> unused = call.whenComplete((done, failed) -> caller.interrupt());
        caller.start();
        return call;
    }

    private PythonException failure(String program, String inputs, CallOptions options) {
        PythonException failure =
                catchThrowableOfType(PythonException.class, () -> service.call(program, inputs, options));
        assertThat(failure).as("failure of " + program).isNotNull();
        return failure;
    }
}
