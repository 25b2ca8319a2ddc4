package org.vivarium.core.telemetry;

import java.util.function.Predicate;
import org.vivarium.api.event.PoolEvent;

/** A handler of ours that is known to be quick: it hears on the telemetry thread itself. */
final class DirectOutlet extends Outlet {
    private final EventHandler handler;

    DirectOutlet(String name, EventHandler handler, Predicate<PoolEvent> wanted) {
        super(name, wanted);
        this.handler = handler;
    }

    @Override
    void take(Occurrence occurrence) {
        deliver(occurrence, handler);
    }

    @Override
    OutletView view() {
        return view(false, 0, 0);
    }

    @Override
    void close(long untilNanos) {
        // it has heard all that it was offered
    }
}
