package org.vivarium.core.telemetry;

import java.time.Instant;
import java.time.InstantSource;
import org.vivarium.core.time.Ticker;

/**
 * Returns the wall-clock time of something of which only the ticker's reading was taken, which is cheaper. Right also
 * if the wall clock is set later: what it says is by the clock as it goes now.
 */
record EventClock(Ticker ticker, InstantSource clock) {
    /** Returns when the ticker read {@code nanos}. */
    Instant at(long nanos) {
        return clock.instant().minusNanos(ticker.nanos() - nanos);
    }
}
