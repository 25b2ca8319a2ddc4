package org.vivarium.api.memory;

import java.util.concurrent.atomic.AtomicBoolean;

/** Room in a {@link ByteBudget} that somebody has or waits for. Closing it gives it back, once. Thread safe. */
public final class Reservation implements AutoCloseable {
    private final ByteBudget budget;
    private final long bytes;
    private final Runnable toTell;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean granted;

    Reservation(ByteBudget budget, long bytes, Runnable toTell) {
        this.budget = budget;
        this.bytes = bytes;
        this.toTell = toTell;
    }

    /** Returns how many bytes it is for. */
    public long bytes() {
        return bytes;
    }

    /** Returns whether there is room by now. */
    public boolean isGranted() {
        return granted;
    }

    /** Belongs to the budget's lock. */
    void grant() {
        granted = true;
    }

    void tell() {
        toTell.run();
    }

    /** Gives up waiting for room that did not come in time; the budget counts that. */
    public void giveUp() {
        budget.countRefused();
        close();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            budget.end(this);
        }
    }
}
