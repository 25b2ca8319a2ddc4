package org.vivarium.adapter.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.CallContext;
import org.vivarium.api.event.CallEnded;
import org.vivarium.core.trace.CallSpan;

/** The OpenTelemetry span of one call. */
final class OpenTelemetrySpan implements CallSpan {
    private static final Logger LOG = LoggerFactory.getLogger(OpenTelemetrySpan.class);
    private static final String PREFIX = "vivarium.";
    private static final int LONGEST_VALUE = 1_024;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Span span;
    private final CallContext context;

    OpenTelemetrySpan(Span span, CallContext context, String pool, String program) {
        this.span = span;
        this.context = context;
        put("pool", pool);
        put("program", program);
        context.toLogged().forEach((name, value) -> {
            if (!name.equals("traceparent")) { // the span knows
                put(name, value);
            }
        });
    }

    private void put(String name, @Nullable String value) {
        if (value != null) {
            span.setAttribute(PREFIX + name, bounded(value));
        }
    }

    private static String bounded(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE);
    }

    @Override
    public CallContext context() {
        return context;
    }

    @Override
    public void again(String why, Duration pause) {
        guarded(() -> span.addEvent(
                "retry",
                Attributes.builder()
                        .put("error.type", why)
                        .put(PREFIX + "pause_millis", pause.toMillis())
                        .build()));
    }

    @Override
    public void end(CallEnded how, @Nullable String message) {
        guarded(() -> {
            put("worker", how.worker());
            put("outcome", how.outcome().name());
            span.setAttribute(PREFIX + "attempts", (long) how.attempts());
            span.setAttribute(PREFIX + "wait_millis", how.waitNanos() / NANOS_PER_MILLI);
            if (how.errorType() != null) {
                span.setAttribute("error.type", how.errorType());
            }
            if (how.outcome().isError()) {
                span.setStatus(StatusCode.ERROR, bounded(String.valueOf(message)));
            }
        });
        guarded(span::end);
    }

    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) { // of a processor of somebody else's; the call must not notice
            LOG.warn("could not record all span attributes", e);
        }
    }
}
