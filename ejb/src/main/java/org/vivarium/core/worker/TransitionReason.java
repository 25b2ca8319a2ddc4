package org.vivarium.core.worker;

/** Why a worker changed its state. The names are part of the telemetry contract: never rename one. */
public enum TransitionReason {
    HANDSHAKE_OK,
    START_FAILED,
    CHECKED_OUT,
    CHECKED_IN,
    HEALTH_CHECK_FAILED,
    HEALTH_CHECK_PASSED,
    TOO_MANY_HEALTH_FAILURES,
    HEARTBEAT_LOST,
    CALL_DEADLINE_PASSED,
    CALL_CANCELLED,
    WORK_LEFT_BEHIND,
    CHANNEL_LOST,
    PROTOCOL_BROKEN,
    MEMORY_LIMIT_EXCEEDED,
    CPU_LIMIT_EXCEEDED,
    POOL_SHRUNK,
    RECYCLED,
    CALL_LIMIT_REACHED,
    AGE_LIMIT_REACHED,
    MEMORY_LIMIT_REACHED,
    NEW_GENERATION,
    ROLLED_BACK,
    DRAINED,
    POOL_CLOSED,
    PROCESS_EXITED;

    /** Returns whether somebody wanted the worker to end, rather than it having failed. */
    public boolean isIntended() {
        return switch (this) {
            case START_FAILED,
                    POOL_SHRUNK,
                    RECYCLED,
                    CALL_LIMIT_REACHED,
                    AGE_LIMIT_REACHED,
                    MEMORY_LIMIT_REACHED,
                    NEW_GENERATION,
                    ROLLED_BACK,
                    DRAINED,
                    POOL_CLOSED -> true;
            case HANDSHAKE_OK,
                    CHECKED_OUT,
                    CHECKED_IN,
                    HEALTH_CHECK_FAILED,
                    HEALTH_CHECK_PASSED,
                    TOO_MANY_HEALTH_FAILURES,
                    HEARTBEAT_LOST,
                    CALL_DEADLINE_PASSED,
                    CALL_CANCELLED,
                    WORK_LEFT_BEHIND,
                    CHANNEL_LOST,
                    PROTOCOL_BROKEN,
                    MEMORY_LIMIT_EXCEEDED,
                    CPU_LIMIT_EXCEEDED,
                    PROCESS_EXITED -> false;
        };
    }

    /** Returns whether the worker ends because it did not stop a call; says nothing about its code. */
    public boolean isOfItsCall() {
        return this == CALL_DEADLINE_PASSED || this == CALL_CANCELLED || this == WORK_LEFT_BEHIND;
    }

    /** Returns whether the end of the worker was seen rather than decided: what ended it was nobody of ours. */
    public boolean isLoss() {
        return this == CHANNEL_LOST || this == PROCESS_EXITED;
    }
}
