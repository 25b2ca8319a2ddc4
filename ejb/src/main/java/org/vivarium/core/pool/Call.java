package org.vivarium.core.pool;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.PythonException;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.recovery.CircuitBreaker;
import org.vivarium.core.session.Session;
import org.vivarium.core.worker.Worker;

/**
 * One call on its way through the pool: what was asked, until when, and what has happened so far. Owned by the thread
 * that carries it; while that waits in line, by the thread that takes it out of the line.
 */
final class Call {
    private final String pool;
    private final String program;
    private final CallOptions options;
    private final long startedNanos;
    private final long deadlineNanos;
    private final long checkoutTimeoutNanos;

    private CallFrame frame;
    private @Nullable Session session;
    private @Nullable Worker worker;
    private @Nullable String boundTo;
    private @Nullable CircuitBreaker breaker;
    private long breakerEpoch;
    private @Nullable Duration pause;
    private long checkoutDeadlineNanos;
    private long waitingSinceNanos;
    private long earlierWaitNanos;
    private long waitNanos;
    private long executionStartNanos;
    private boolean headStart;
    private int attempt = 1;
    private int retries;
    private boolean onlyOnce;

    Call(String pool, String program, CallFrame frame, CallOptions options, Times times) {
        this.pool = pool;
        this.program = program;
        this.frame = frame;
        this.options = options;
        this.startedNanos = times.startedNanos();
        this.deadlineNanos = times.startedNanos() + times.timeoutNanos();
        this.checkoutTimeoutNanos = times.checkoutTimeoutNanos();
        waitFrom(times.startedNanos());
    }

    private void waitFrom(long now) {
        waitingSinceNanos = now;
        checkoutDeadlineNanos = now + Math.min(deadlineNanos - now, checkoutTimeoutNanos);
    }

    String program() {
        return program;
    }

    CallFrame frame() {
        return frame;
    }

    int priority() {
        return options.priority();
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    long checkoutDeadlineNanos() {
        return checkoutDeadlineNanos;
    }

    long timeoutMillis() {
        return (deadlineNanos - startedNanos) / 1_000_000;
    }

    @Nullable Worker worker() {
        return worker;
    }

    long waitNanos() {
        return waitNanos;
    }

    long executionNanos(long now) {
        return worker == null ? 0 : now - executionStartNanos;
    }

    /** Notes that the call has its turn in {@code session}, whose state goes along with it. */
    void belongsTo(Session session) {
        this.session = session;
        frame = frame.withState(session.state());
    }

    @Nullable Session session() {
        return session;
    }

    /** Notes the name of the worker that the session is bound to; {@code null} for none. */
    void boundTo(@Nullable String name) {
        boundTo = name;
    }

    /** Returns the name of the worker that the session is bound to; {@code null} for none. */
    @Nullable String boundTo() {
        return boundTo;
    }

    @Nullable String key() {
        return options.key();
    }

    /** Returns what the caller says about running the program twice; {@code null} for nothing. */
    @Nullable Boolean idempotent() {
        return options.idempotent();
    }

    @Nullable String sessionId() {
        return options.context().session();
    }

    /** Notes that the call leaves the line at {@code now}. */
    void waited(long now) {
        waitNanos = earlierWaitNanos + now - waitingSinceNanos;
    }

    /** Notes that {@code worker} has the call from {@code now} on. */
    void givenTo(Worker worker, long now) {
        this.worker = worker;
        this.executionStartNanos = now;
        waited(now);
    }

    /** Notes whether the worker has the call before its owner knows; returns what was noted before. */
    boolean headStart(boolean given) {
        boolean before = headStart;
        headStart = given;
        return before;
    }

    /** Returns whether the deadline had passed when the call got its worker. */
    boolean expired() {
        return deadlineNanos - executionStartNanos <= 0;
    }

    /** Notes that the worker was lost before the program began, so that another one is asked. */
    void again() {
        attempt++;
        worker = null;
    }

    /** Notes that {@code breaker} has let the call in with {@code epoch}. */
    void letIn(CircuitBreaker breaker, long epoch) {
        this.breaker = breaker;
        this.breakerEpoch = epoch;
    }

    /** Returns the breaker that let the call in and has not heard how it went; {@code null} for none. */
    @Nullable CircuitBreaker breaker() {
        return breaker;
    }

    /** Returns the breaker's epoch, and notes that it is told how the call went. */
    long judged() {
        breaker = null;
        return breakerEpoch;
    }

    /** Notes that the call must not be made again, because its caller has seen a part of its result. */
    void onlyOnce() {
        onlyOnce = true;
    }

    /** Returns whether the call must not be made again, whatever is said of its program. */
    boolean isOnlyOnce() {
        return onlyOnce;
    }

    int retries() {
        return retries;
    }

    /** Notes that the call is to be made again after {@code delay}. */
    void pauseFor(Duration delay) {
        pause = delay;
    }

    /** Returns after which delay the call is to be made again, once; {@code null} if it has ended. */
    @Nullable Duration takePause() {
        Duration taken = pause;
        pause = null;
        return taken;
    }

    /** Notes that the call is made again at {@code now}: it has no worker and waits anew. */
    void retry(long now) {
        attempt++;
        retries++;
        worker = null;
        headStart = false;
        earlierWaitNanos = waitNanos;
        waitFrom(now);
    }

    /** Returns the exception for a failure of this call at {@code now}. */
    PythonException failure(ErrorCategory category, String type, String message, long now) {
        return PythonException.of(details(category, type, message, now));
    }

    ErrorDetails details(ErrorCategory category, String type, String message, long now) {
        return new ErrorDetails(category, type, message, null, null, context(now), retryable(category));
    }

    ErrorContext context(long now) {
        return new ErrorContext(
                pool,
                worker == null ? null : worker.name(),
                program,
                options.context().session(),
                options.context().correlationId(),
                waitNanos / 1e6,
                executionNanos(now) / 1e6,
                attempt);
    }

    private static boolean retryable(ErrorCategory category) {
        return switch (category) {
            case TIMEOUT_ERROR, RESOURCE_ERROR, COMMUNICATION_ERROR, PROTOCOL_ERROR -> true;
            case SYSTEM_ERROR, PROGRAM_ERROR, VALIDATION_ERROR, SESSION_ERROR -> false;
        };
    }

    /** When a call began and how long it may wait and take, in nanoseconds of the pool's ticker. */
    record Times(long startedNanos, long timeoutNanos, long checkoutTimeoutNanos) {}
}
