package org.vivarium.api.view.worker;

import java.util.List;
import java.util.Map;
import org.vivarium.api.WorkerState;

/**
 * What the workers of a pool have done since it started, those that have gone included.
 *
 * @param states the time in each state but TERMINATED
 * @param recoveries decisions about failures, by failure and decision
 * @param healthChecks pings of idle workers, by their result: {@code PASSED}, {@code TIMED_OUT}, {@code CHANNEL_LOST},
 *     {@code PROTOCOL_BROKEN}, {@code FAILED_INSIDE} (a defect of the service), or {@code OVERTAKEN} (no answer, but a
 *     call had come by another slot, so that it counts for nothing)
 * @param sentBytes bytes of the frames of calls that were sent to workers, attachments included
 * @param receivedBytes bytes of the frames of calls that workers have sent, attachments included
 */
public record WorkerActivity(
        List<StateTime> states,
        List<RecoveryCount> recoveries,
        Map<String, Long> healthChecks,
        long sentBytes,
        long receivedBytes) {
    /** Nothing was done yet. */
    public static final WorkerActivity NONE = new WorkerActivity(List.of(), List.of(), Map.of(), 0, 0);

    /** Returns the time in {@code state}; 0 if nothing is known of it. */
    public StateTime in(WorkerState state) {
        return states.stream().filter(time -> time.state() == state).findFirst().orElse(new StateTime(state, 0, 0));
    }

    /**
     * Returns the same with no time less than in {@code earlier}: a stay that ended while it was read may be missing,
     * and counters never fall.
     */
    public WorkerActivity notBefore(WorkerActivity earlier) {
        List<StateTime> risen = states.stream()
                .map(time -> time.notBefore(earlier.in(time.state())))
                .toList();
        return new WorkerActivity(risen, recoveries, healthChecks, sentBytes, receivedBytes);
    }
}
