package org.vivarium.core.call;

import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.PythonException;
import org.vivarium.core.breaker.CircuitBreaker;
import org.vivarium.core.dispatch.NoSlotException;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.session.SessionRefusedException;
import org.vivarium.core.time.Ticker;
import org.vivarium.core.worker.LimitBreach;

/** The messages of failed calls: what was attempted, where, the limit and the actual value. */
public final class CallFailures {
    private static final String WAY_OUT =
            "; the program was not run. Try again when other sessions have ended, or have an operator raise the budget, shorten SessionTimeoutMillis or remove sessions";

    private final String pool;
    private final Ticker ticker;

    public CallFailures(String pool, Ticker ticker) {
        this.pool = pool;
        this.ticker = ticker;
    }

    private ErrorContext where(Call call) {
        return call.context(ticker.nanos());
    }

    /** The pool has no program of that name; {@code known} lists those that it has. */
    public PythonException unknownProgram(String program, String known) {
        return ErrorType.UNKNOWN_PROGRAM.exception(
                ErrorContext.of(pool, program),
                "pool '%s' has no program '%s'; it has: %s".formatted(pool, program, known));
    }

    PythonException workerLost(Call call, String how) {
        return ErrorType.WORKER_LOST.exception(
                where(call),
                "worker %s of pool '%s' %s while it ran '%s'; the program may have done part of its work"
                        .formatted(call.worker(), pool, how, call.program()));
    }

    PythonException limitExceeded(Call call, LimitBreach breach) {
        return breach.type()
                .exception(
                        where(call),
                        "worker %s of pool '%s' was terminated while it ran '%s': %s"
                                .formatted(call.worker(), pool, call.program(), breach.inWords()));
    }

    /** The deadline passed before anything was sent. */
    PythonException tooLate(Call call) {
        return ErrorType.CALL_TIMEOUT.exception(
                where(call),
                "'%s' of pool '%s' did not end within %d ms: no time was left when it got worker %s"
                        .formatted(call.program(), pool, call.request().timeoutMillis(), call.worker()));
    }

    PythonException timedOut(Call call, CancellationResult stopped) {
        String message = "'%s' of pool '%s' did not end within %d ms; %s"
                .formatted(
                        call.program(),
                        pool,
                        call.request().timeoutMillis(),
                        stopped.inWords(String.valueOf(call.worker())));
        return PythonException.of(
                ErrorType.CALL_TIMEOUT.in(where(call), message).withTraceback(stopped.stack()));
    }

    /** It was cancelled before any worker had it. */
    public PythonException cancelled(Call call, Cancellation why) {
        return why.type()
                .exception(
                        where(call),
                        "'%s' of pool '%s' was cancelled by %s before it began"
                                .formatted(call.program(), pool, why.by()));
    }

    PythonException cancelled(Call call, Cancellation why, CancellationResult stopped) {
        String message = "'%s' of pool '%s' was cancelled by %s; %s"
                .formatted(call.program(), pool, why.by(), stopped.inWords(String.valueOf(call.worker())));
        return PythonException.of(why.type().in(where(call), message).withTraceback(stopped.stack()));
    }

    /** The program has run, and its result found no room in memory in time. */
    PythonException undelivered(Call call) {
        Cancellation why = call.cancellation();
        String end = why == null
                ? "its deadline passed (%d ms)".formatted(call.request().timeoutMillis())
                : "it was cancelled by " + why.by();
        return ErrorType.RESULT_UNDELIVERED.exception(
                where(call),
                "'%s' of pool '%s' has run, but %s before there was room for its result: other results, whose readers are slow, use ResultBudgetMegabytes; the result is lost, so repeat the call only if the program is idempotent"
                        .formatted(call.program(), pool, end));
    }

    PythonException tooLarge(Call call, int limit) {
        return ErrorType.INPUTS_TOO_LARGE.exception(
                where(call),
                "the inputs of '%s' make a frame of %d bytes; MaximumFrameMegabytes of pool '%s' allows %d"
                        .formatted(call.program(), call.frame().length(false), pool, limit));
    }

    PythonException brokenProtocol(Call call, ProtocolException cause) {
        return ErrorType.MALFORMED_FRAME.exception(
                where(call),
                "worker %s of pool '%s' answered '%s' with a malformed response (%s); it was terminated"
                        .formatted(call.worker(), pool, call.program(), cause.getMessage()),
                cause);
    }

    /** What nobody has foreseen: a fault of the service. */
    public PythonException unexpected(Call call, Throwable cause) {
        return ErrorType.INTERNAL_ERROR.exception(
                where(call),
                "'%s' of pool '%s' failed inside the service: %s".formatted(call.program(), pool, cause),
                cause);
    }

    /** The session had another call until the checkout timeout. */
    public PythonException sessionBusy(Call call) {
        return ErrorType.SESSION_BUSY.exception(
                where(call),
                "session '%s' was busy with other calls; '%s' of pool '%s' got no turn within %d ms"
                        .formatted(call.request().sessionId(), call.program(), pool, call.waitNanos() / 1_000_000));
    }

    /** The pool has as many sessions, or as much state of sessions, as it may have. */
    public PythonException newSessionRefused(Call call, SessionRefusedException cause) {
        boolean full = cause.reason() == SessionRefusedException.Reason.BUDGET_EXHAUSTED;
        return (full ? ErrorType.SESSION_BUDGET_EXHAUSTED : ErrorType.TOO_MANY_SESSIONS)
                .exception(
                        where(call),
                        "cannot create session '%s' in pool '%s': %s%s"
                                .formatted(call.request().sessionId(), pool, cause.getMessage(), full ? WAY_OUT : ""));
    }

    /** The limits by key or in all let no further call run until the checkout timeout. */
    public PythonException keyBusy(Call call, String running) {
        return ErrorType.KEY_BUSY.exception(
                where(call),
                "'%s' of pool '%s' got no permit within %d ms: %s"
                        .formatted(call.program(), pool, call.waitNanos() / 1_000_000, running));
    }

    /** The program is isolated, and as many calls of isolated programs wait as may. */
    public PythonException isolatedQueueFull(Call call, int waiting) {
        return ErrorType.PROGRAM_ISOLATED.exception(
                where(call),
                "program '%s' of pool '%s' is isolated because it kills workers, and %d calls of isolated programs wait already, a tenth of QueueLimit"
                        .formatted(call.program(), pool, waiting));
    }

    /** The program is isolated, and its turn did not come in time. */
    public PythonException isolated(Call call) {
        return ErrorType.PROGRAM_ISOLATED.exception(
                where(call),
                "program '%s' of pool '%s' is isolated because it kills workers: one call of it runs at a time, and its turn did not come within %d ms"
                        .formatted(call.program(), pool, call.waitNanos() / 1_000_000));
    }

    /** The circuit breaker of the program is open. */
    public PythonException breakerOpen(Call call, CircuitBreaker.Snapshot breaker) {
        String until = breaker.byHand()
                ? "it was opened by hand and stays open until it is closed by hand"
                : "%d failures in a row; the next calls are let through in %d ms"
                        .formatted(breaker.failures(), breaker.closedForNanos() / 1_000_000);
        return ErrorType.BREAKER_OPEN.exception(
                where(call),
                "the circuit breaker of '%s' in pool '%s' is open: %s".formatted(call.program(), pool, until));
    }

    /**
     * Says why there is no slot.
     *
     * @param queue how many calls wait, and how many may
     * @param problem what keeps the pool from its full size, to end a sentence with
     */
    public PythonException refused(Call call, NoSlotException.Reason reason, Queue queue, String problem) {
        return switch (reason) {
            case TIMED_OUT -> noneFree(call, problem);
            case BOUND_WORKER_BUSY -> boundWorkerBusy(call);
            case QUEUE_FULL ->
                ErrorType.QUEUE_FULL.exception(
                        where(call),
                        "the queue of pool '%s' is full: %d calls wait, QueueLimit is %d%s"
                                .formatted(pool, queue.waiting(), queue.limit(), problem));
            case CANCELLED -> throw new IllegalArgumentException("a cancelled call says by whom");
            case INTERRUPTED ->
                ErrorType.INTERRUPTED.exception(
                        where(call),
                        "the calling thread was interrupted while '%s' waited for a worker of pool '%s'"
                                .formatted(call.program(), pool));
            case DRAINED ->
                ErrorType.POOL_DRAINED.exception(
                        where(call),
                        "pool '%s' was drained by an operator and takes no calls until it is resumed".formatted(pool));
            case STOPPED -> ErrorType.POOL_STOPPED.exception(where(call), "pool '%s' has stopped".formatted(pool));
        };
    }

    private PythonException noneFree(Call call, String problem) {
        String bound = call.boundTo() == null ? "" : "; its session is bound to " + call.boundTo();
        return ErrorType.CHECKOUT_TIMEOUT.exception(
                where(call),
                "no worker of pool '%s' was free for '%s' within %d ms%s%s"
                        .formatted(pool, call.program(), call.waitNanos() / 1_000_000, bound, problem));
    }

    private PythonException boundWorkerBusy(Call call) {
        return ErrorType.BOUND_WORKER_BUSY.exception(
                where(call),
                "worker %s of pool '%s', to which session '%s' is bound, is busy, and AffinityMode is strict-fail"
                        .formatted(call.boundTo(), pool, call.request().sessionId()));
    }

    /**
     * The queue of a pool, to word its refusals.
     *
     * @param waiting calls that wait for a slot or a permit
     * @param limit QueueLimit
     */
    public record Queue(int waiting, int limit) {}
}
