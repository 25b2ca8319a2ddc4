package org.vivarium.core.call;

import static org.vivarium.api.ErrorCategory.COMMUNICATION_ERROR;
import static org.vivarium.api.ErrorCategory.PROTOCOL_ERROR;
import static org.vivarium.api.ErrorCategory.RESOURCE_ERROR;
import static org.vivarium.api.ErrorCategory.SESSION_ERROR;
import static org.vivarium.api.ErrorCategory.SYSTEM_ERROR;
import static org.vivarium.api.ErrorCategory.TIMEOUT_ERROR;
import static org.vivarium.api.ErrorCategory.VALIDATION_ERROR;

import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.PythonException;
import org.vivarium.core.breaker.CircuitBreaker;
import org.vivarium.core.dispatch.NoSlotException;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.session.TooManySessionsException;
import org.vivarium.core.time.Ticker;
import org.vivarium.core.worker.LimitBreach;

/** The sentences that a caller gets when a call fails: what was attempted, where, the limit and the actual value. */
public final class CallFailures {
    private final String pool;
    private final Ticker ticker;

    public CallFailures(String pool, Ticker ticker) {
        this.pool = pool;
        this.ticker = ticker;
    }

    /** The pool has no program of that name; {@code known} lists those that it has. */
    public PythonException unknownProgram(String program, String known) {
        return PythonException.of(new ErrorDetails(
                VALIDATION_ERROR,
                "UnknownProgram",
                "pool '%s' has no program '%s'; it has: %s".formatted(pool, program, known),
                null,
                null,
                ErrorContext.of(pool, program),
                false));
    }

    PythonException workerLost(Call call, String how) {
        return call.failure(
                COMMUNICATION_ERROR,
                "WorkerLost",
                "worker %s of pool '%s' %s while it ran '%s'; the program may have done part of its work"
                        .formatted(call.worker(), pool, how, call.program()),
                ticker.nanos());
    }

    PythonException limitExceeded(Call call, LimitBreach breach) {
        return PythonException.of(new ErrorDetails(
                RESOURCE_ERROR,
                breach.type(),
                "worker %s of pool '%s' was ended while it ran '%s': %s"
                        .formatted(call.worker(), pool, call.program(), breach.inWords()),
                null,
                null,
                call.context(ticker.nanos()),
                false)); // it would take as much again
    }

    /** The deadline passed before anything was sent. */
    PythonException tooLate(Call call) {
        return call.failure(
                TIMEOUT_ERROR,
                "CallTimeout",
                "'%s' of pool '%s' did not end within %d ms: there was no time left when it got worker %s"
                        .formatted(call.program(), pool, call.request().timeoutMillis(), call.worker()),
                ticker.nanos());
    }

    PythonException timedOut(Call call, CancellationResult stopped) {
        String message = "'%s' of pool '%s' did not end within %d ms; %s"
                .formatted(
                        call.program(),
                        pool,
                        call.request().timeoutMillis(),
                        stopped.inWords(String.valueOf(call.worker())));
        return PythonException.of(call.details(TIMEOUT_ERROR, "CallTimeout", message, ticker.nanos())
                .withTraceback(stopped.stack()));
    }

    /** It was cancelled before any worker had it. */
    public PythonException cancelled(Call call, Cancellation why) {
        return call.failure(
                SYSTEM_ERROR,
                why.type(),
                "'%s' of pool '%s' was cancelled by %s before it began".formatted(call.program(), pool, why.by()),
                ticker.nanos());
    }

    PythonException cancelled(Call call, Cancellation why, CancellationResult stopped) {
        String message = "'%s' of pool '%s' was cancelled by %s; %s"
                .formatted(call.program(), pool, why.by(), stopped.inWords(String.valueOf(call.worker())));
        return PythonException.of(
                call.details(SYSTEM_ERROR, why.type(), message, ticker.nanos()).withTraceback(stopped.stack()));
    }

    PythonException tooLarge(Call call, int limit) {
        return call.failure(
                VALIDATION_ERROR,
                "InputsTooLarge",
                "inputs of '%s' make a frame of %d bytes, MaximumFrameMegabytes of pool '%s' allows %d"
                        .formatted(call.program(), call.frame().length(false), pool, limit),
                ticker.nanos());
    }

    PythonException brokenProtocol(Call call, ProtocolException cause) {
        return PythonException.of(
                call.details(
                        PROTOCOL_ERROR,
                        "MalformedFrame",
                        "worker %s of pool '%s' answered '%s' with a malformed response (%s); it was terminated"
                                .formatted(call.worker(), pool, call.program(), cause.getMessage()),
                        ticker.nanos()),
                cause);
    }

    /** What nobody has foreseen: a fault of the service. */
    public PythonException unexpected(Call call, Throwable cause) {
        return PythonException.of(
                call.details(
                        SYSTEM_ERROR,
                        "InternalError",
                        "'%s' of pool '%s' failed inside the service: %s".formatted(call.program(), pool, cause),
                        ticker.nanos()),
                cause);
    }

    /** The session had another call until the checkout timeout. */
    public PythonException sessionBusy(Call call) {
        return call.failure(
                TIMEOUT_ERROR,
                "SessionBusy",
                "other calls of session '%s' left no turn for '%s' of pool '%s' within %d ms"
                        .formatted(call.request().sessionId(), call.program(), pool, call.waitNanos() / 1_000_000),
                ticker.nanos());
    }

    /** The pool has as many sessions as it may have. */
    public PythonException tooManySessions(Call call, TooManySessionsException cause) {
        return call.failure(
                RESOURCE_ERROR,
                "TooManySessions",
                "session '%s' cannot begin in pool '%s': %s"
                        .formatted(call.request().sessionId(), pool, cause.getMessage()),
                ticker.nanos());
    }

    /** The limits by key or in all let no further call run until the checkout timeout. */
    public PythonException keyBusy(Call call, String running) {
        return call.failure(
                TIMEOUT_ERROR,
                "KeyBusy",
                "'%s' of pool '%s' got no permit within %d ms: %s"
                        .formatted(call.program(), pool, call.waitNanos() / 1_000_000, running),
                ticker.nanos());
    }

    /** The circuit breaker of the program is open. */
    public PythonException breakerOpen(Call call, CircuitBreaker.Picture breaker) {
        String until = breaker.byHand()
                ? "it was opened by hand and stays so until it is closed by hand"
                : "after %d failures in a row; the next calls may try in %d ms"
                        .formatted(breaker.failures(), breaker.closedForNanos() / 1_000_000);
        return call.failure(
                RESOURCE_ERROR,
                "BreakerOpen",
                "the circuit breaker of '%s' in pool '%s' is open: %s".formatted(call.program(), pool, until),
                ticker.nanos());
    }

    /** Says why there is no slot; {@code problem} ends the sentence with what keeps the pool from its full size. */
    public PythonException refused(Call call, NoSlotException.Reason reason, String problem) {
        long now = ticker.nanos();
        return switch (reason) {
            case TIMED_OUT -> noneFree(call, problem, now);
            case BOUND_WORKER_BUSY -> boundWorkerBusy(call, now);
            case QUEUE_FULL ->
                call.failure(
                        RESOURCE_ERROR,
                        "QueueFull",
                        "as many calls wait for a worker of pool '%s' as QueueLimit allows%s".formatted(pool, problem),
                        now);
            case INTERRUPTED ->
                call.failure(
                        SYSTEM_ERROR,
                        "Interrupted",
                        "the calling thread was interrupted while '%s' waited for a worker of pool '%s'"
                                .formatted(call.program(), pool),
                        now);
            case DRAINED ->
                call.failure(
                        RESOURCE_ERROR,
                        "PoolDrained",
                        "pool '%s' was drained by an operator and takes no calls until it is resumed".formatted(pool),
                        now);
            case STOPPED -> call.failure(RESOURCE_ERROR, "PoolStopped", "pool '%s' has stopped".formatted(pool), now);
        };
    }

    private PythonException noneFree(Call call, String problem, long now) {
        String bound = call.boundTo() == null ? "" : "; its session is bound to " + call.boundTo();
        return call.failure(
                TIMEOUT_ERROR,
                "CheckoutTimeout",
                "no worker of pool '%s' was free for '%s' within %d ms%s%s"
                        .formatted(pool, call.program(), call.waitNanos() / 1_000_000, bound, problem),
                now);
    }

    private PythonException boundWorkerBusy(Call call, long now) {
        return PythonException.of(new ErrorDetails(
                SESSION_ERROR,
                "BoundWorkerBusy",
                "worker %s of pool '%s', to which session '%s' is bound, is busy, and AffinityMode is strict-fail"
                        .formatted(call.boundTo(), pool, call.request().sessionId()),
                null,
                null,
                call.context(now),
                true)); // it is not busy for ever
    }
}
