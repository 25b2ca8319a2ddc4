package org.vivarium.core.worker;

import org.vivarium.api.ErrorType;

/**
 * Why a worker was ended from outside for what it used.
 *
 * @param type of the failure that the caller gets
 * @param inWords the limit and the actual value
 */
public record LimitBreach(TransitionReason reason, ErrorType type, String inWords) {
    /** Returns the breach of a worker with {@code actual} MiB resident. */
    public static LimitBreach ofMemory(long actual, int limit) {
        return new LimitBreach(
                TransitionReason.MEMORY_LIMIT_EXCEEDED,
                ErrorType.MEMORY_LIMIT_EXCEEDED,
                "%d MiB resident, HardMemoryMegabytes = %d".formatted(actual, limit));
    }

    /** Returns the breach of a worker whose call used at least {@code actual} ms and did not obey. */
    public static LimitBreach ofCpu(long actual, int limit) {
        return new LimitBreach(
                TransitionReason.CPU_LIMIT_EXCEEDED,
                ErrorType.CPU_LIMIT_EXCEEDED,
                "%d ms of processor time used, CpuLimitMillis = %d".formatted(actual, limit));
    }
}
