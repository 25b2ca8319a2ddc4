package org.vivarium.core.pool;

/** What the stations of a call share: {@link Admission}, {@link Execution} and {@link Pool}. */
record CallPath(
        PoolParts parts, SlotDispatcher dispatcher, CallLedger ledger, CallFailures failures, Condemner condemner) {
    long nanos() {
        return parts.ticker().nanos();
    }
}
