package org.vivarium.api.management;

import java.beans.ConstructorProperties;

/** One handler of events as a row of open types. */
public final class HandlerRow {
    private final String handler;
    private final boolean queued;
    private final long delivered;
    private final long dropped;
    private final long failures;
    private final int waiting;

    /** Takes the values of one row. */
    @ConstructorProperties({"handler", "queued", "delivered", "dropped", "failures", "waiting"})
    public HandlerRow(String handler, boolean queued, long delivered, long dropped, long failures, int waiting) {
        this.handler = handler;
        this.queued = queued;
        this.delivered = delivered;
        this.dropped = dropped;
        this.failures = failures;
        this.waiting = waiting;
    }

    public String getHandler() {
        return handler;
    }

    public boolean isQueued() {
        return queued;
    }

    public long getDelivered() {
        return delivered;
    }

    public long getDropped() {
        return dropped;
    }

    public long getFailures() {
        return failures;
    }

    public int getWaiting() {
        return waiting;
    }
}
