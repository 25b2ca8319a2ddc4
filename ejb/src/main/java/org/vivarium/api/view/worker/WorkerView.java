package org.vivarium.api.view.worker;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.WorkerHealth;
import org.vivarium.api.WorkerState;

/**
 * One worker at one moment.
 *
 * @param pid process id; 0 while it is not known yet
 * @param generation the generation of Python code that it runs; the first is 1
 * @param inService whether it is given calls; a ready one that is not is a spare
 * @param slots how many calls it can have at a time; 0 before its process was asked for
 * @param busySlots how many it has
 * @param healthFailures failed health checks in a row
 * @param lastCheck when it was last checked; {@code null} before the first time
 * @param silentMillis for how long it has sent no sign of life, in steps of about a second; 0 if it just did
 * @param processState what the kernel says of the process as one letter, such as {@code R} or {@code S}; empty before
 *     the first sample, as the figures that follow are 0
 * @param rssBytes resident memory, pages that it shares with others included
 * @param privateBytes resident memory of its own, looked at more rarely
 * @param cpuMillis processor time since the process started
 * @param stateMillis time spent in each state that it was in, by a monotonic clock, the stay that goes on included
 * @param sentBytes bytes of the frames of calls that were sent to it, attachments included
 * @param receivedBytes bytes of the frames of calls that it has sent, attachments included
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
        double silentMillis,
        String processState,
        long rssBytes,
        long privateBytes,
        long cpuMillis,
        int threads,
        int openDescriptors,
        Map<String, Double> stateMillis,
        long sentBytes,
        long receivedBytes,
        List<TransitionView> history) {}
