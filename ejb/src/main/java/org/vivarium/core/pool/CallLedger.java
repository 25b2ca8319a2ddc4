package org.vivarium.core.pool;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.PythonException;
import org.vivarium.api.event.CallEnded;
import org.vivarium.core.worker.Worker;

/** Counts each call once, when it ends, and tells telemetry. Thread safe. */
final class CallLedger {
    private final PoolParts parts;
    private final PoolCounters counters;

    CallLedger(PoolParts parts, PoolCounters counters) {
        this.parts = parts;
        this.counters = counters;
    }

    /** Notes a call that was refused because the line is full; it still ends. */
    void rejected() {
        counters.rejected.increment();
    }

    /** Notes a call that has its result. */
    void ended(Call call) {
        counters.calls.increment();
        publish(call, null, null);
    }

    /** Notes a call that ends with {@code failure}, and returns that, to be thrown. */
    PythonException ended(Call call, PythonException failure) {
        counters.calls.increment();
        if (call.cancellation() == null) { // to end a call before its time is no error
            counters.errors.increment();
        }
        if (failure.category() == ErrorCategory.TIMEOUT_ERROR) {
            counters.timeouts.increment();
        }
        publish(call, failure.category(), failure.type());
        return failure;
    }

    private void publish(Call call, @Nullable ErrorCategory category, @Nullable String type) {
        Worker worker = call.worker();
        parts.telemetry()
                .publish(new CallEnded(
                        parts.name(),
                        worker == null ? null : worker.name(),
                        call.program(),
                        call.waitNanos(),
                        call.executionNanos(parts.ticker().nanos()),
                        category,
                        type));
    }
}
