package org.vivarium.api.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.WorkerHealth;
import org.vivarium.api.WorkerState;

/**
 * One worker at one moment.
 *
 * @param pid process id; 0 while it is not known yet
 * @param generation the generation of Python code that it runs; the first is 1
 * @param inService whether it is given calls; a ready one that is not is a spare
 * @param healthFailures failed health checks in a row
 * @param lastCheck when it was last checked; {@code null} before the first time
 * @param history the most recent changes of state, oldest first; READY and BUSY alternations are kept apart from the
 *     rest so that they cannot push it out
 */
public record WorkerView(
        String id,
        String pool,
        long pid,
        int generation,
        boolean inService,
        WorkerState state,
        WorkerHealth health,
        int slots,
        int busySlots,
        long calls,
        long errors,
        int healthFailures,
        Instant started,
        @Nullable Instant lastCheck,
        List<TransitionView> history) {}
