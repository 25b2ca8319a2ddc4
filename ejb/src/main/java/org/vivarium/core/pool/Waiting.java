package org.vivarium.core.pool;

/** All calls of a pool that wait: for a permit or for a slot; each waits for one of both at a time. Thread safe. */
record Waiting(SlotDispatcher dispatcher, Pool pool) {
    int count() {
        return dispatcher.waiting() + pool.bulkheads().waiting();
    }

    long oldestNanos() {
        return Math.max(dispatcher.oldestWaitNanos(), pool.bulkheads().oldestWaitNanos());
    }
}
