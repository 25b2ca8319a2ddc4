package org.vivarium.core.recovery;

import org.jspecify.annotations.Nullable;
import org.vivarium.core.worker.Transition;
import org.vivarium.core.worker.Worker;

/** Derives from the end of a worker what went wrong. */
public final class Diagnosis {
    private Diagnosis() {}

    /**
     * Returns the failure that {@code worker} ends of; {@code null} if it was intended, or decided about before.
     *
     * @param exit how the process ended, in words; {@code null} while nobody knows. It says more than a lost channel
     */
    public static @Nullable Failure of(Worker worker, @Nullable String exit) {
        Transition end = worker.machine().termination();
        if (end == null) {
            return exit == null ? null : new Failure.ProcessExited(worker.name(), exit);
        }
        return switch (end.reason()) {
            case CHANNEL_LOST ->
                exit == null
                        ? new Failure.ChannelLost(worker.name(), end.detail())
                        : new Failure.ProcessExited(worker.name(), exit);
            case PROCESS_EXITED -> new Failure.ProcessExited(worker.name(), end.detail());
            case PROTOCOL_BROKEN -> new Failure.FrameMalformed(worker.name(), end.detail());
            case CALL_DEADLINE_PASSED -> new Failure.DeadlinePassed(worker.name(), end.detail());
            case CALL_CANCELLED, WORK_LEFT_BEHIND -> new Failure.CancelIgnored(worker.name(), end.detail());
            case HEARTBEAT_LOST -> new Failure.HeartbeatLost(worker.name(), end.detail());
            case MEMORY_LIMIT_EXCEEDED -> new Failure.LimitExceeded(worker.name(), end.detail(), true);
            case CPU_LIMIT_EXCEEDED -> new Failure.LimitExceeded(worker.name(), end.detail(), false);
            case HANDSHAKE_OK,
                    START_FAILED,
                    CHECKED_OUT,
                    CHECKED_IN,
                    HEALTH_CHECK_FAILED,
                    HEALTH_CHECK_PASSED,
                    TOO_MANY_HEALTH_FAILURES,
                    POOL_SHRUNK,
                    RECYCLED,
                    CALL_LIMIT_REACHED,
                    AGE_LIMIT_REACHED,
                    MEMORY_LIMIT_REACHED,
                    NEW_GENERATION,
                    ROLLED_BACK,
                    DRAINED,
                    POOL_CLOSED -> null;
        };
    }
}
