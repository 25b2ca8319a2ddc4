package org.vivarium.core.trace;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;
import org.vivarium.api.event.CallEnded;

/** The span of one call, whatever number of tries that takes. Any thread, one after another; never throws. */
public interface CallSpan {

    /** Returns what identifies the call, with this span as its trace: that is what the worker sees. */
    CallContext context();

    /** Notes that the call is made again, {@code pause} after it ended with a failure of type {@code why}. */
    void again(String why, Duration pause);

    /** Ends the span; {@code message} says why the call failed, {@code null} if it did not. */
    void end(CallEnded how, @Nullable String message);
}
