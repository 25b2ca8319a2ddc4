package org.vivarium.core.pool;

import java.util.stream.LongStream;
import org.vivarium.core.admission.CallPipeline;
import org.vivarium.core.dispatch.SlotDispatcher;

/** All calls of a pool that wait: each for its turn, for a permit or for a slot at a time. Thread safe. */
record WaitingCalls(SlotDispatcher dispatcher, CallPipeline pool) {
    int count() {
        return dispatcher.waiting() + pool.waitingBefore();
    }

    long oldestNanos() {
        return LongStream.of(
                        dispatcher.oldestWaitNanos(),
                        pool.sessions().oldestWaitNanos(),
                        pool.bulkheads().oldestWaitNanos(),
                        pool.isolationTurns().oldestWaitNanos())
                .max()
                .orElse(0);
    }
}
