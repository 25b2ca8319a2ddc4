package org.vivarium.adapter.jmx.mbean;

import java.time.Duration;
import java.util.function.Supplier;
import org.vivarium.core.time.Ticker;

/**
 * Makes what beans read from.
 *
 * @param kept how long a picture is kept, asked for at each read
 */
public record Pictures(Ticker ticker, Supplier<Duration> kept) {
    /** Returns where what {@code look} sees is kept. */
    public <T> Cached<T> of(Supplier<T> look) {
        return new Cached<>(look, this);
    }
}
