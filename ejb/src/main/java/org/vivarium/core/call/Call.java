package org.vivarium.core.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.ProgressListener;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.CallView;
import org.vivarium.core.breaker.CircuitBreaker;
import org.vivarium.core.dispatch.InFlight;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.log.LogFields;
import org.vivarium.core.process.channel.WaitPolicy;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.Flags;
import org.vivarium.core.session.Session;
import org.vivarium.core.trace.CallSpan;
import org.vivarium.core.worker.Worker;

/**
 * One call on its way through the pool: what was asked, until when, and what has happened so far. Owned by the thread
 * that carries it; while that waits in line, by the thread that takes it out of the line.
 */
public final class Call implements WaitPolicy, InFlight {
    private static final Logger LOG = LoggerFactory.getLogger(Call.class);

    private final String pool;
    private final String program;
    private final CallOptions options;
    private final long startedNanos;
    private final long deadlineNanos;
    private final long checkoutTimeoutNanos;

    private volatile @Nullable Cancellation cancellation;
    private CallFrame frame;
    private @Nullable Session session;
    private @Nullable Slot slot;
    private @Nullable Worker worker;
    private long number;
    private double progress = Double.NaN;
    private String progressMessage = "";
    private @Nullable String boundTo;
    private @Nullable CircuitBreaker breaker;
    private @Nullable CallSpan span;
    private long breakerEpoch;
    private @Nullable Duration pause;
    private long checkoutDeadlineNanos;
    private long waitingSinceNanos;
    private long earlierWaitNanos;
    private long waitNanos;
    private long executionStartNanos;
    private boolean headStart;
    private boolean answered;
    private boolean streamed;
    private int attempt = 1;
    private int retries;
    private boolean onlyOnce;

    public Call(String pool, String program, CallFrame frame, CallOptions options, Times times) {
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

    /** Returns the name of the program. */
    public String program() {
        return program;
    }

    CallFrame frame() {
        return frame;
    }

    /** Returns the priority; higher ones are served first. */
    public int priority() {
        return options.priority();
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    /** Returns until when the call may wait for a slot. */
    public long checkoutDeadlineNanos() {
        return checkoutDeadlineNanos;
    }

    long startedNanos() {
        return startedNanos;
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

    long executionStartNanos() {
        return executionStartNanos;
    }

    long executionNanos(long now) {
        return worker == null ? 0 : now - executionStartNanos;
    }

    /** Notes that the call has its turn in {@code session}, whose state goes along with it. */
    public void belongsTo(Session session) {
        this.session = session;
        frame = frame.withState(session.state());
    }

    /** Returns the session that the call has its turn in; {@code null} if it has none. */
    public @Nullable Session session() {
        return session;
    }

    /** Notes the name of the worker that the session is bound to; {@code null} for none. */
    public void boundTo(@Nullable String name) {
        boundTo = name;
    }

    /** Returns the name of the worker that the session is bound to; {@code null} for none. */
    public @Nullable String boundTo() {
        return boundTo;
    }

    /** Returns the limit key; {@code null} for none. */
    public @Nullable String key() {
        return options.key();
    }

    /** Returns what the caller says about running the program twice; {@code null} for nothing. */
    @Nullable Boolean idempotent() {
        return options.idempotent();
    }

    CallContext about() {
        return options.context();
    }

    /** Returns what lines say that are logged for the call as it is now; to be asked for only when something is. */
    public LogFields logged() {
        return LogFields.of(pool, worker == null ? null : worker.name(), program, options.context());
    }

    /** Returns the session that the caller named; {@code null} for none. */
    public @Nullable String sessionId() {
        return options.context().session();
    }

    /** Notes that the call leaves the line at {@code now}. */
    public void waited(long now) {
        waitNanos = earlierWaitNanos + now - waitingSinceNanos;
    }

    /** Notes that the worker of {@code slot} has the call from {@code now} on. */
    void givenTo(Slot slot, long now) {
        this.worker = slot.worker();
        this.slot = slot;
        this.number = slot.nextNumber();
        this.executionStartNanos = now;
        waited(now);
        slot.show(this);
    }

    /**
     * Ends the call as soon as may be; any thread.
     *
     * @return {@code false} if it is being ended already
     */
    public boolean cancel(Cancellation why) {
        synchronized (this) {
            if (cancellation != null) {
                return false;
            }
            cancellation = why;
        }
        Slot current = slot; // after the write: its owner writes first and then looks whether it is given up
        if (current != null) {
            current.channel().wakeup();
        }
        return true;
    }

    @Override
    public boolean cancelledBy(String operator) {
        return cancel(Cancellation.operator(operator));
    }

    @Override
    public boolean givenUp() {
        return cancellation != null;
    }

    @Override
    public void interrupted() {
        cancel(Cancellation.INTERRUPT);
    }

    /** Returns why the call is to end before its time; {@code null} if it is not. */
    @Nullable Cancellation cancellation() {
        return cancellation;
    }

    /** Has chunks sent as they come; before the call is sent. */
    public void welcomeChunks() {
        frame = frame.withWelcome(frame.welcome() | Flags.CHUNKS_WELCOME);
    }

    boolean isStream() {
        return (frame.welcome() & Flags.CHUNKS_WELCOME) != 0;
    }

    /** Notes that the worker has answered with a frame, {@code chunk} or not. */
    void wasAnswered(boolean chunk) {
        answered = true;
        streamed |= chunk;
    }

    /** Returns whether a chunk has come. */
    public boolean streamed() {
        return streamed;
    }

    boolean answered() {
        return answered;
    }

    void progressed(double fraction, String message) {
        progress = fraction;
        progressMessage = message;
    }

    /** Tells who wants to know how far the program is. */
    public void tellProgress() {
        ProgressListener listener = options.progress();
        if (listener != null) {
            try {
                listener.progress(progress, progressMessage);
            } catch (RuntimeException e) {
                logged().during(() ->
                        LOG.warn("pool '{}': the progress listener of a call of '{}' failed", pool, program, e));
            }
        }
    }

    @Override
    public CallView view(long now) {
        return new CallView(
                id(),
                program,
                String.valueOf(worker),
                options.context().session(),
                options.key(),
                options.context().correlationId(),
                executionNanos(now) / 1e6,
                (deadlineNanos - now) / 1e6,
                progress);
    }

    @Override
    public String id() {
        Slot current = slot;
        return current == null ? "" : "%s.%d.%d".formatted(current.worker(), current.index(), number);
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

    /** Notes who makes a span of the call; {@code null} if nobody does. */
    public void traced(@Nullable CallSpan by) {
        span = by;
    }

    @Nullable CallSpan span() {
        return span;
    }

    /** Notes that the worker was lost before the program began, so that another one is asked. */
    void again() {
        if (span != null) {
            span.again("WorkerLost", Duration.ZERO);
        }
        attempt++;
        worker = null;
        slot = null;
    }

    /** Notes that {@code breaker} has let the call in with {@code epoch}. */
    public void letIn(CircuitBreaker breaker, long epoch) {
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
    public void onlyOnce() {
        onlyOnce = true;
    }

    /** Returns whether the call must not be made again, whatever is said of its program. */
    boolean isOnlyOnce() {
        return onlyOnce;
    }

    int attempts() {
        return attempt;
    }

    int retries() {
        return retries;
    }

    /** Notes that the call is to be made again after {@code delay}. */
    void pauseFor(Duration delay) {
        pause = delay;
    }

    /** Returns after which delay the call is to be made again, once; {@code null} if it has ended. */
    public @Nullable Duration takePause() {
        Duration taken = pause;
        pause = null;
        return taken;
    }

    /** Notes that the call is made again at {@code now}: it has no worker and waits anew. */
    public void retry(long now) {
        attempt++;
        retries++;
        worker = null;
        slot = null;
        answered = false;
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
    public record Times(long startedNanos, long timeoutNanos, long checkoutTimeoutNanos) {}
}
