package org.vivarium.core.trace;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;

/** Makes a span of each call, in a tracing system that the server has. Never throws. */
@FunctionalInterface
public interface CallTracer {

    /**
     * Begins the span of a call, on the thread of its caller; {@code null} if it cannot.
     *
     * @param context valid, the caller's trace among it
     */
    @Nullable CallSpan begin(String pool, String program, CallContext context);
}
