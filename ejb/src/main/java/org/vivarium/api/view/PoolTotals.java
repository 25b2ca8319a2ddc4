package org.vivarium.api.view;

/**
 * What a pool has counted since it started, or since an operator reset its statistics.
 *
 * @param calls calls that ended, well or not
 * @param errors those of them that failed, for any reason but that they were cancelled
 * @param cancelled those that were cancelled or interrupted, which is no error
 * @param timeouts those that failed because a deadline passed
 * @param rejected those that found the waiting line full
 * @param retries how often a call was made again after a failure; such a call is counted once
 * @param started workers that became ready
 * @param died workers that were lost: they ended by themselves, or the pool ended them for a failure
 * @param recycled workers that were replaced on purpose
 * @param recoveries how often a worker came into service in the place of one that was lost
 */
public record PoolTotals(
        long calls,
        long errors,
        long cancelled,
        long timeouts,
        long rejected,
        long retries,
        long started,
        long died,
        long recycled,
        long recoveries) {
    /** Nothing counted yet. */
    public static final PoolTotals NONE = new PoolTotals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Returns what was counted since {@code earlier}. */
    public PoolTotals since(PoolTotals earlier) {
        return new PoolTotals(
                calls - earlier.calls,
                errors - earlier.errors,
                cancelled - earlier.cancelled,
                timeouts - earlier.timeouts,
                rejected - earlier.rejected,
                retries - earlier.retries,
                started - earlier.started,
                died - earlier.died,
                recycled - earlier.recycled,
                recoveries - earlier.recoveries);
    }
}
