package org.vivarium.core.pool;

import org.vivarium.core.admission.CallPipeline;
import org.vivarium.core.dispatch.SlotDispatcher;

/** All calls of a pool that wait: for a permit or for a slot; each waits for one of both at a time. Thread safe. */
record WaitingCalls(SlotDispatcher dispatcher, CallPipeline pool) {
    int count() {
        return dispatcher.waiting()
                + pool.bulkheads().waiting()
                + pool.isolationTurns().waiting();
    }

    long oldestNanos() {
        return Math.max(
                dispatcher.oldestWaitNanos(),
                Math.max(
                        pool.bulkheads().oldestWaitNanos(),
                        pool.isolationTurns().oldestWaitNanos()));
    }
}
