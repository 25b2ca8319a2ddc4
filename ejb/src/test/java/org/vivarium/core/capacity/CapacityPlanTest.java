package org.vivarium.core.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.api.WorkerState.BUSY;
import static org.vivarium.api.WorkerState.DEGRADED;
import static org.vivarium.api.WorkerState.DRAINING;
import static org.vivarium.api.WorkerState.INITIALIZING;
import static org.vivarium.api.WorkerState.READY;
import static org.vivarium.core.worker.TransitionReason.NEW_GENERATION;
import static org.vivarium.core.worker.TransitionReason.POOL_SHRUNK;
import static org.vivarium.core.worker.TransitionReason.RECYCLED;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.vivarium.api.WorkerState;
import org.vivarium.core.dispatch.TestSlots;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/** What to start, enlist and drain, given a snapshot of the workers; nothing moves here but numbers. */
class CapacityPlanTest {
    private final List<WorkerSnapshot> workers = new ArrayList<>();

    @Test
    void an_empty_pool_starts_what_is_wanted_but_no_more_than_a_batch() {
        assertThat(plan(3, 1, 1, 8).start()).isEqualTo(4);
        assertThat(plan(3, 1, 1, 2).start()).isEqualTo(2);
    }

    @Test
    void workers_that_start_already_count_for_the_batch_and_for_the_size() {
        add(INITIALIZING);
        add(INITIALIZING);

        assertThat(plan(3, 0, 1, 2).start()).isZero();
        assertThat(plan(3, 0, 1, 8).start()).isEqualTo(1);
    }

    @Test
    void a_full_pool_has_nothing_to_do() {
        serving(READY);
        serving(BUSY);
        spare();

        assertThat(plan(2, 1, 1, 8)).isEqualTo(new CapacityPlan(List.of(), 0, Map.of()));
    }

    @Test
    void a_spare_takes_the_place_of_a_dead_worker_and_another_spare_is_started() {
        serving(READY);
        Worker spare = spare();

        CapacityPlan plan = plan(2, 1, 1, 8);

        assertThat(plan.enlist()).containsExactly(spare);
        assertThat(plan.start()).isEqualTo(1);
        assertThat(plan.drain()).isEmpty();
    }

    @Test
    void an_ill_worker_keeps_its_place() {
        serving(READY);
        serving(DEGRADED);

        assertThat(plan(2, 0, 1, 8)).isEqualTo(new CapacityPlan(List.of(), 0, Map.of()));
    }

    @Test
    void a_worker_that_is_to_leave_stays_until_its_replacement_serves() {
        serving(READY);
        Worker old = leaving(BUSY, RECYCLED);

        CapacityPlan before = plan(2, 0, 1, 8);
        assertThat(before.start()).isEqualTo(1);
        assertThat(before.drain()).isEmpty();

        Worker replacement = spare(); // what a worker is between its readiness and its service
        CapacityPlan then = plan(2, 0, 1, 8);
        assertThat(then.enlist()).containsExactly(replacement);
        assertThat(then.drain()).containsExactly(Map.entry(old, RECYCLED));
        assertThat(then.start()).isZero();
    }

    @Test
    void a_spare_is_the_replacement_of_a_worker_that_is_to_leave() {
        Worker old = leaving(READY, RECYCLED);
        Worker spare = spare();

        CapacityPlan plan = plan(1, 1, 1, 8);

        assertThat(plan.enlist()).containsExactly(spare);
        assertThat(plan.drain()).containsExactly(Map.entry(old, RECYCLED));
        assertThat(plan.start()).isEqualTo(1);
    }

    @Test
    void no_more_workers_are_replaced_at_a_time_than_allowed_and_those_that_drain_count() {
        for (int i = 0; i < 4; i++) {
            leaving(READY, NEW_GENERATION);
        }
        assertThat(plan(4, 0, 2, 8).start()).isEqualTo(2);

        workers.remove(0);
        serving(READY);
        draining(NEW_GENERATION);
        assertThat(plan(4, 0, 2, 8).start()).isEqualTo(1);

        draining(NEW_GENERATION);
        assertThat(plan(4, 0, 2, 8).start()).isZero();
    }

    @Test
    void nobody_leaves_while_a_death_or_an_illness_has_taken_the_replacement() {
        leaving(READY, RECYCLED);
        serving(DEGRADED);
        serving(READY);

        assertThat(plan(2, 0, 1, 8).drain()).isEmpty();
        assertThat(plan(3, 0, 1, 8).drain()).isEmpty();
    }

    @Test
    void an_ill_worker_that_is_to_leave_goes_once_the_others_are_enough() {
        Worker ill = leaving(DEGRADED, RECYCLED);
        serving(READY);
        assertThat(plan(2, 0, 1, 8).drain()).isEmpty();

        serving(READY);
        assertThat(plan(2, 0, 1, 8).drain()).containsExactly(Map.entry(ill, RECYCLED));
    }

    @Test
    void a_worker_of_an_old_generation_that_still_starts_or_waits_goes_at_once() {
        serving(READY);
        Worker starting = add(new WorkerSnapshot(worker(), INITIALIZING, false, NEW_GENERATION));
        Worker spare = add(new WorkerSnapshot(worker(), READY, false, NEW_GENERATION));

        CapacityPlan plan = plan(1, 1, 1, 8);

        assertThat(plan.drain()).containsOnly(Map.entry(starting, NEW_GENERATION), Map.entry(spare, NEW_GENERATION));
        assertThat(plan.start()).isEqualTo(1);
    }

    @Test
    void a_pool_that_shrinks_ends_what_starts_first_and_then_the_youngest() {
        serving(READY);
        Worker young = serving(READY);
        Worker starting = add(INITIALIZING);

        assertThat(plan(2, 0, 1, 8).drain()).containsOnlyKeys(starting);
        assertThat(plan(1, 0, 1, 8).drain())
                .containsOnly(Map.entry(starting, POOL_SHRUNK), Map.entry(young, POOL_SHRUNK));
    }

    @Test
    void a_pool_that_shrinks_sends_the_leaving_away_before_others() {
        Worker old = leaving(READY, RECYCLED);
        serving(READY);
        serving(READY);

        assertThat(plan(2, 0, 1, 8).drain()).containsExactly(Map.entry(old, RECYCLED));
    }

    @Test
    void a_sleeping_pool_wants_nobody() {
        assertThat(plan(0, 0, 1, 8)).isEqualTo(new CapacityPlan(List.of(), 0, Map.of()));
    }

    /**
     * Plays plans until nothing is left to do: whatever the mixture, the wanted size comes, and capacity never falls.
     */
    @Test
    void every_mixture_of_workers_settles_at_the_wanted_size_and_never_loses_capacity_to_replacements() {
        for (int serving = 1; serving <= 5; serving++) {
            for (int leavers = 0; leavers <= 5; leavers++) {
                for (int spares = 0; spares <= 2; spares++) {
                    for (int replacements = 1; replacements <= 3; replacements++) {
                        settle(serving, leavers, spares, replacements);
                    }
                }
            }
        }
    }

    private void settle(int serving, int leavers, int spares, int replacements) {
        workers.clear();
        for (int i = 0; i < serving; i++) {
            workers.add(new WorkerSnapshot(worker(), READY, true, i < leavers ? RECYCLED : null));
        }
        int steps = 0;
        for (CapacityPlan plan = plan(serving, spares, replacements, 2);
                !plan.equals(new CapacityPlan(List.of(), 0, Map.of()))
                        || workers.stream().anyMatch(standing -> standing.isDraining() || standing.isStarting());
                plan = plan(serving, spares, replacements, 2)) {
            assertThat(steps++).as("steps").isLessThan(100);
            act(plan);
            assertThat(workers.stream().filter(WorkerSnapshot::isAble)).hasSizeGreaterThanOrEqualTo(serving);
            assertThat(workers).hasSizeLessThanOrEqualTo(serving + spares + replacements);
        }
        assertThat(workers.stream().filter(WorkerSnapshot::isAble)).hasSize(serving);
        assertThat(workers.stream().filter(WorkerSnapshot::isSpare)).hasSize(spares);
        assertThat(workers).hasSize(serving + spares).allMatch(standing -> standing.leaving() == null);
    }

    /** Does what the plan says; what drains now has gone at the next step. */
    private void act(CapacityPlan plan) {
        workers.removeIf(WorkerSnapshot::isDraining);
        Map<Worker, WorkerSnapshot> now = new LinkedHashMap<>();
        for (WorkerSnapshot standing : workers) {
            WorkerState state = plan.drain().containsKey(standing.worker()) ? DRAINING : standing.state();
            boolean inService = standing.inService() || plan.enlist().contains(standing.worker());
            WorkerState next = state == INITIALIZING ? READY : state;
            now.put(standing.worker(), new WorkerSnapshot(standing.worker(), next, inService, standing.leaving()));
        }
        workers.clear();
        workers.addAll(now.values());
        for (int i = 0; i < plan.start(); i++) {
            add(INITIALIZING);
        }
    }

    private CapacityPlan plan(int serving, int spares, int replacements, int batch) {
        return CapacityPlan.of(workers, new CapacityPlan.Targets(serving, spares, replacements, batch));
    }

    private Worker serving(WorkerState state) {
        return add(new WorkerSnapshot(worker(), state, true, null));
    }

    private Worker leaving(WorkerState state, TransitionReason reason) {
        return add(new WorkerSnapshot(worker(), state, true, reason));
    }

    private void draining(@Nullable TransitionReason reason) {
        add(new WorkerSnapshot(worker(), DRAINING, true, reason));
    }

    private Worker spare() {
        return add(new WorkerSnapshot(worker(), READY, false, null));
    }

    private Worker add(WorkerState state) {
        return add(new WorkerSnapshot(worker(), state, false, null));
    }

    private Worker add(WorkerSnapshot standing) {
        workers.add(standing);
        return standing.worker();
    }

    private static Worker worker() {
        return TestSlots.newWorker();
    }
}
