package org.vivarium.core.dispatch;

import org.jspecify.annotations.Nullable;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/** The narrow interface from the path of a call to the life cycle of workers. Never blocks. */
public interface WorkerDisposal {

    /** Terminates the worker of a slot that the caller owns: its channel cannot be used any more. */
    void discard(Slot slot, TransitionReason reason, @Nullable String detail);

    /** Gives back a slot whose worker takes no calls, for now or for good. */
    void handOver(Slot slot);

    /** Replaces one worker, without ever having fewer that take calls; returns at once. */
    void recycle(Worker worker, TransitionReason reason);

    /** Has the workers of a pool started that sleeps until its first call. */
    void wake();

    /** Returns what keeps the pool from its full size, as the end of a sentence; empty if nothing does. */
    String problem();
}
