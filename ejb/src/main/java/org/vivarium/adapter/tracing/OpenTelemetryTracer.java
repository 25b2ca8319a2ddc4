package org.vivarium.adapter.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.CallContext;
import org.vivarium.core.trace.CallSpan;
import org.vivarium.core.trace.CallTracer;

/**
 * Makes a span of kind CLIENT of each call. It is a child of the current span if that belongs to the trace that the
 * caller names or if it names none, else of what the caller names. Uses only what version 1.29 of the API has, which is
 * the oldest that a supported server ships. Thread safe.
 */
final class OpenTelemetryTracer implements CallTracer {
    private static final Logger LOG = LoggerFactory.getLogger(OpenTelemetryTracer.class);
    private static final String SCOPE = "org.vivarium";

    private static final TextMapGetter<Map<String, String>> FIELDS = new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // abstract in the versions that servers ship
        public Iterable<String> keys(Map<String, String> fields) {
            return fields.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> fields, String name) {
            return fields == null ? null : fields.get(name);
        }
    };

    private final Tracer tracer;

    OpenTelemetryTracer(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer(SCOPE);
    }

    /** Returns a tracer for the first of {@code beans} that makes spans; {@code null} if there is none. */
    static @Nullable CallTracer offered(Iterable<?> beans) {
        for (Object bean : beans) {
            if (bean instanceof OpenTelemetry telemetry) {
                OpenTelemetryTracer found = new OpenTelemetryTracer(telemetry);
                return found.makesSpans() ? found : null;
            }
        }
        return null;
    }

    /** Returns whether it is switched on: a span that is never ended is never exported. */
    private boolean makesSpans() {
        return tracer.spanBuilder(SCOPE)
                .setNoParent()
                .startSpan()
                .getSpanContext()
                .isValid();
    }

    @Override
    public @Nullable CallSpan begin(String pool, String program, CallContext context) {
        try {
            Context parent = parent(context);
            Span span = tracer.spanBuilder(program)
                    .setSpanKind(SpanKind.CLIENT)
                    .setParent(parent)
                    .startSpan();
            return span.getSpanContext().isValid()
                    ? new OpenTelemetrySpan(span, traced(context, parent.with(span)), pool, program)
                    : null;
        } catch (RuntimeException e) { // of a processor of somebody else's
            LOG.warn("cannot begin the span of a call of '{}' in pool '{}'", program, pool, e);
            return null;
        }
    }

    private static Context parent(CallContext context) {
        Context current = Context.current();
        Map<String, String> given = context.toMap();
        Context named = W3CTraceContextPropagator.getInstance().extract(current, given, FIELDS);
        SpanContext outer = Span.fromContext(current).getSpanContext();
        boolean same = outer.getTraceId()
                .equals(Span.fromContext(named).getSpanContext().getTraceId());
        return same ? current : named;
    }

    private static CallContext traced(CallContext context, Context own) {
        Map<String, String> fields = new HashMap<>();
        W3CTraceContextPropagator.getInstance().inject(own, fields, OpenTelemetryTracer::put);
        W3CBaggagePropagator.getInstance().inject(own, fields, OpenTelemetryTracer::put);
        String baggage = context.baggage();
        return context.withTrace(
                fields.get("traceparent"), fields.get("tracestate"), baggage == null ? fields.get("baggage") : baggage);
    }

    private static void put(@Nullable Map<String, String> into, String name, String value) {
        if (into != null) {
            into.put(name, value);
        }
    }
}
