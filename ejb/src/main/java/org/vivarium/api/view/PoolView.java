package org.vivarium.api.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.OneOf;
import org.vivarium.api.PoolState;
import org.vivarium.api.view.worker.DecisionView;
import org.vivarium.api.view.worker.RolloutView;

/**
 * One pool at one moment. Counts of workers are of processes; {@code ready} counts idle and busy ones that serve.
 *
 * @param state the name of a {@link PoolState}; of {@code BROKEN}, {@code problem} says why
 * @param problem one sentence on what keeps the pool from its full size; {@code null} if nothing does
 * @param target the number of workers that the pool tries to keep in service
 * @param spares workers that are ready and out of service, to take the place of one that goes
 * @param slots how many calls the workers that serve can have at a time
 * @param busySlots how many they have
 * @param generation the generation of Python code in which workers are started now; the first is 1
 * @param rollout the last rolling restart
 * @param oldestWaitMillis how long the oldest waiting call has waited; 0 if none waits
 * @param sessions how many conversations of callers it remembers
 * @param decisions what was decided about the last failures of workers, oldest first
 * @param recoveryMillisLast time from noticing the last death to the readiness of its replacement; NaN before the first
 */
public record PoolView(
        String name,
        @OneOf(namesOf = PoolState.class) String state,
        @Nullable String problem,
        int minimum,
        int maximum,
        int target,
        int size,
        int ready,
        int busy,
        int idle,
        int starting,
        int degraded,
        int draining,
        int spares,
        int slots,
        int busySlots,
        int waiting,
        double oldestWaitMillis,
        int sessions,
        PoolTotals totals,
        List<DecisionView> decisions,
        double recoveryMillisLast,
        int generation,
        RolloutView rollout,
        Instant since) {
    /** Returns what there is to see of a pool that could not be configured: its name, and why. */
    public static PoolView failed(String name, String problem, Instant since) {
        return new PoolView(
                name,
                PoolState.BROKEN.name(),
                problem,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                PoolTotals.NONE,
                List.of(),
                Double.NaN,
                0,
                RolloutView.NONE,
                since);
    }

    /** Returns the same with other totals. */
    public PoolView with(PoolTotals others) {
        return new PoolView(
                name,
                state,
                problem,
                minimum,
                maximum,
                target,
                size,
                ready,
                busy,
                idle,
                starting,
                degraded,
                draining,
                spares,
                slots,
                busySlots,
                waiting,
                oldestWaitMillis,
                sessions,
                others,
                decisions,
                recoveryMillisLast,
                generation,
                rollout,
                since);
    }
}
