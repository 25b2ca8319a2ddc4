package org.vivarium.core.telemetry;

import java.util.function.Predicate;
import org.vivarium.api.event.PoolEvent;

/** A handler of ours that is known to be quick: it hears on the telemetry thread itself. */
final class DirectSink extends EventSink {
    private final EventHandler handler;

    DirectSink(String name, EventHandler handler, Predicate<PoolEvent> wanted) {
        super(name, wanted);
        this.handler = handler;
    }

    @Override
    void take(TimestampedEvent occurrence) {
        deliver(occurrence, handler);
    }

    @Override
    SinkView view() {
        return view(false, 0, 0);
    }

    @Override
    void close(long untilNanos) {
        // it has heard all that it was offered
    }
}
