package org.vivarium.core.pool;

import java.util.concurrent.Executor;

/**
 * What the stations of a call share: {@link Admission}, {@link Execution} and {@link Pool}.
 *
 * @param executor may block in its tasks
 */
record CallPath(
        PoolParts parts,
        SlotDispatcher dispatcher,
        CallLedger ledger,
        CallFailures failures,
        Condemner condemner,
        Executor executor) {
    long nanos() {
        return parts.ticker().nanos();
    }
}
