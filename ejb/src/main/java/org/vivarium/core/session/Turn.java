package org.vivarium.core.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one call waits for in a queue until it has it, and gives back in the end: its turn in a session, or a permit.
 * Must be closed, whether it has come or not. Thread safe.
 */
public abstract class Turn implements AutoCloseable {
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    protected Turn() {}

    /** Returns what completes when the turn has come. Whoever completes it exceptionally waits no more. */
    public final CompletableFuture<Void> begun() {
        return begun;
    }

    /** Returns whether the turn has come. */
    public final boolean hasCome() {
        return begun.isDone() && !begun.isCompletedExceptionally();
    }

    /** Lets the turn begin; {@code false} if nobody waits for it any more. Not to be called under a lock. */
    protected final boolean begin() {
        return begun.complete(null);
    }

    /** Takes a turn that has not begun out of its queue; called at most once. */
    protected abstract void left();

    /** Ends a turn that has begun; called at most once. */
    protected abstract void passed();

    /** Ends the turn, or the wait for it. */
    @Override
    public final void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean waited = begun.cancel(false) || begun.isCompletedExceptionally();
        if (waited) {
            left();
        } else {
            passed();
        }
    }
}
