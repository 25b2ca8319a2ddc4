package org.vivarium.core.telemetry;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.event.PoolEvent;

/**
 * A receiver of events, with counts of what it has handled, missed and failed on. Offered events by the telemetry
 * thread only.
 */
abstract class EventSink {
    private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
    private static final int FAILURES_LOGGED = 10;

    private final String name;
    private final Predicate<PoolEvent> wanted;
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** Lets through what {@code wanted}, which must be quick, says. */
    EventSink(String name, Predicate<PoolEvent> wanted) {
        this.name = name;
        this.wanted = wanted;
    }

    final String name() {
        return name;
    }

    final void offer(TimestampedEvent timed) {
        if (wanted.test(timed.event())) {
            take(timed);
        }
    }

    abstract void take(TimestampedEvent timed);

    /** Calls {@code handler} and catches whatever it throws. */
    final void deliver(TimestampedEvent timed, EventHandler handler) {
        PoolEvent event = timed.event();
        try {
            handler.on(event);
            delivered.increment();
        } catch (RuntimeException | Error e) { // the next event is another one
            failures.increment();
            if (failures.sum() <= FAILURES_LOGGED) {
                LOG.warn("a telemetry handler failed on {} ({})", event, name, e);
            }
        }
    }

    final long failures() {
        return failures.sum();
    }

    abstract SinkView view();

    final SinkView view(boolean queued, long dropped, int waiting) {
        return new SinkView(name, queued, delivered.sum(), dropped, failures.sum(), waiting);
    }

    /** Delivers what is left for it, until {@code untilNanos} of the system's clock at the longest. */
    abstract void close(long untilNanos);
}
