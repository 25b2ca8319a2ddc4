package org.vivarium.core.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The turn of one call in its session. Must be closed, whether it has come or not. Thread safe. */
public final class Turn implements AutoCloseable {
    private final Session session;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    Turn(Session session) {
        this.session = session;
    }

    /** Returns the session, which the caller may change once the turn has come. */
    public Session session() {
        return session;
    }

    /**
     * Returns what completes when the turn has come. Whoever completes it exceptionally, as by {@code orTimeout}, waits
     * no more.
     */
    public CompletableFuture<Void> begun() {
        return begun;
    }

    /** Waits for the turn; {@code false} if it did not come within {@code nanos}. */
    public boolean await(long nanos) throws InterruptedException {
        if (begun.isDone()) {
            return !begun.isCompletedExceptionally();
        }
        try {
            begun.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return !begun.cancel(false); // it may have come at the last moment
        } catch (ExecutionException e) {
            return false;
        }
    }

    /** Lets the turn begin; {@code false} if nobody waits for it any more. */
    boolean begin() {
        return begun.complete(null);
    }

    /** Ends the turn, or the wait for it. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean waited = begun.cancel(false) || begun.isCompletedExceptionally();
        if (waited) {
            session.leave(this);
        } else {
            session.pass();
        }
    }
}
