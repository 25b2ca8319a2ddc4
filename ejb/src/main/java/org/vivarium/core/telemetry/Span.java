package org.vivarium.core.telemetry;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.SpanEvent;
import org.vivarium.core.time.Ticker;

/**
 * Times one run of an {@link Operation} and publishes its beginning and its end, whichever comes first: a second end
 * publishes nothing. Thread safe.
 */
public final class Span {
    private final Telemetry telemetry;
    private final Ticker ticker;
    private final Operation operation;
    private final String pool;
    private final @Nullable String worker;
    private final long beganNanos;
    private final AtomicBoolean over = new AtomicBoolean();

    private Span(Telemetry telemetry, Ticker ticker, Operation operation, String pool, @Nullable String worker) {
        this.telemetry = telemetry;
        this.ticker = ticker;
        this.operation = operation;
        this.pool = pool;
        this.worker = worker;
        this.beganNanos = ticker.nanos();
    }

    /** Begins; {@code worker} is {@code null} if it concerns the whole pool. */
    public static Span begin(
            Telemetry telemetry, Ticker ticker, Operation operation, String pool, @Nullable String worker) {
        Span span = new Span(telemetry, ticker, operation, pool, worker);
        span.tell(operation.start, 0, null);
        return span;
    }

    /** Ends well. */
    public void end() {
        over(operation.stop, null);
    }

    /** Ends otherwise, for the reason {@code problem}. */
    public void fail(String problem) {
        over(operation.exception, problem);
    }

    private void over(EventType type, @Nullable String problem) {
        if (over.compareAndSet(false, true)) {
            tell(type, ticker.nanos() - beganNanos, problem);
        }
    }

    private void tell(EventType type, long nanos, @Nullable String problem) {
        telemetry.publish(new SpanEvent(type, pool, worker, nanos, problem));
    }
}
