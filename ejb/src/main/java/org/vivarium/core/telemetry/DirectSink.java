package org.vivarium.core.telemetry;

import java.util.function.Predicate;
import org.vivarium.api.event.PoolEvent;

/** A handler of the service itself that is known to be quick: it runs on the telemetry thread. */
final class DirectSink extends EventSink {
    private final EventHandler handler;

    DirectSink(String name, EventHandler handler, Predicate<PoolEvent> wanted) {
        super(name, wanted);
        this.handler = handler;
    }

    @Override
    void take(TimestampedEvent timed) {
        deliver(timed, handler);
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
