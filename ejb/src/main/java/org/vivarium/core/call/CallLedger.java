package org.vivarium.core.call;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorType;
import org.vivarium.api.PythonException;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.event.CallOutcome;
import org.vivarium.api.event.CallStarted;
import org.vivarium.api.event.EventType;
import org.vivarium.api.view.PoolTotals.Counter;
import org.vivarium.core.breaker.CircuitBreaker;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.context.PoolCounters;
import org.vivarium.core.program.ProgramCatalog;
import org.vivarium.core.program.Programs;
import org.vivarium.core.recovery.Retries;
import org.vivarium.core.trace.CallSpan;
import org.vivarium.core.worker.Worker;

/**
 * Decides what the end of an attempt means: whether the call is retried, and what the circuit breaker counts. Counts
 * each call once, when it ends for good, and publishes its event. Thread safe.
 */
public final class CallLedger {
    private static final Logger LOG = LoggerFactory.getLogger(CallLedger.class);

    private final PoolContext parts;
    private final PoolCounters counters;
    private final Programs programs;

    public CallLedger(PoolContext parts, PoolCounters counters, Programs programs) {
        this.parts = parts;
        this.counters = counters;
        this.programs = programs;
    }

    /** Notes a call that has come; it will end. */
    public void began(Call call) {
        if (parts.telemetry().wants(EventType.CALL_START)) {
            parts.telemetry()
                    .publish(
                            new CallStarted(
                                    parts.name(), call.program(), call.request().context()),
                            call.request().startedNanos());
        }
    }

    /** Notes a call that was refused because the queue is full; it still ends. */
    public void rejected() {
        counters.count(Counter.REJECTED);
    }

    /** Notes a call that has its result. */
    public void ended(Call call) {
        CircuitBreaker breaker = call.breaker();
        if (breaker != null) {
            long epoch = call.judged();
            if (breaker.isClosed()) {
                breaker.succeeded(epoch);
            } else {
                call.logged().during(() -> breaker.succeeded(epoch)); // its change is logged
            }
        }
        counters.count(Counter.CALLS);
        if (call.attempts() > 1) {
            counters.count(Counter.RESOLVED);
        }
        publish(call, null);
    }

    /**
     * Notes an attempt that ends with {@code failure}, and returns that, to be thrown; {@link Call#takePause} says
     * whether the call is to be retried.
     */
    public PythonException ended(Call call, PythonException failure) {
        CircuitBreaker breaker = call.breaker();
        if (breaker != null) {
            long epoch = call.judged();
            call.logged().during(() -> judge(breaker, epoch, call, failure));
        }
        boolean open = breaker != null && breaker.isOpen();
        Duration pause = open ? null : pause(call, failure);
        if (pause != null) {
            call.pauseFor(pause);
            tellRetry(call, failure, pause);
            CallSpan span = call.span();
            if (span != null) {
                span.again(failure.type(), pause);
            }
            counters.count(Counter.RETRIES);
            return failure;
        }
        count(call, failure);
        publish(call, failure);
        return failure;
    }

    private void count(Call call, PythonException failure) {
        counters.count(Counter.CALLS);
        boolean error = CallOutcome.of(failure.category(), failure.type()).isError();
        counters.count(error ? Counter.ERRORS : Counter.CANCELLED);
        if (error && call.attempts() > 1) {
            counters.count(Counter.UNRESOLVED);
        }
        if (failure.category() == ErrorCategory.TIMEOUT_ERROR) {
            counters.count(Counter.TIMEOUTS);
        }
    }

    private void tellRetry(Call call, PythonException failure, Duration pause) {
        if (LOG.isDebugEnabled()) {
            call.logged()
                    .during(() -> LOG.debug(
                            "pool '{}': '{}' is retried in {} ms after {}",
                            parts.name(),
                            call.program(),
                            pause.toMillis(),
                            failure.type()));
        }
    }

    private void judge(CircuitBreaker breaker, long epoch, Call call, PythonException failure) {
        if (call.isFault(failure, parts.ticker().nanos())) {
            breaker.failed(epoch);
        } else {
            breaker.ignored(epoch);
        }
    }

    private @Nullable Duration pause(Call call, PythonException failure) {
        boolean killed = failure.type().equals(ErrorType.WORKER_LOST.code());
        if (call.isOnlyOnce() || !mayRunTwice(call) || (killed && !mayKillAgain(call))) {
            return null;
        }
        Retries retries = Retries.of(
                parts.store().current(), () -> ThreadLocalRandom.current().nextDouble());
        Duration left = Duration.ofNanos(call.deadlineNanos() - parts.ticker().nanos());
        return retries.decide(failure, call.retries(), left);
    }

    /** A call that lost its worker may have killed it: it gets one more worker, and none if its program is isolated. */
    private boolean mayKillAgain(Call call) {
        return call.workerLost() <= 1 && !programs.isolation().contains(call.program());
    }

    private boolean mayRunTwice(Call call) {
        Boolean said = call.request().options().idempotent();
        if (said != null) {
            return said;
        }
        ProgramCatalog.Entry entry = programs.catalog().find(call.program());
        return entry != null && entry.view().idempotent();
    }

    private void publish(Call call, @Nullable PythonException failure) {
        ErrorCategory category = failure == null ? null : failure.category();
        String type = failure == null ? null : failure.type();
        Worker worker = call.worker();
        long now = parts.ticker().nanos();
        CallEnded ended = new CallEnded(
                parts.name(),
                worker == null ? null : worker.name(),
                call.program(),
                call.request().key(),
                call.waitNanos(),
                call.attempt().executionNanos(now),
                now - call.request().startedNanos(),
                call.attempts(),
                CallOutcome.of(category, type),
                category,
                type,
                call.request().context());
        parts.telemetry().publish(ended, now);
        CallSpan span = call.span();
        if (span != null) {
            span.end(ended, failure == null ? null : failure.getMessage());
        }
    }
}
