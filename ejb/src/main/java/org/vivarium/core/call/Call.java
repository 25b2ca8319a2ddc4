package org.vivarium.core.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.ProgressListener;
import org.vivarium.api.PythonException;
import org.vivarium.api.memory.ByteBudget;
import org.vivarium.api.memory.Reservation;
import org.vivarium.api.memory.Reservations;
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
 * that carries it; while that waits, by the thread that takes it out of the queue.
 */
public final class Call implements WaitPolicy, InFlight {
    private static final Logger LOG = LoggerFactory.getLogger(Call.class);

    private final CallRequest request;
    private final Reservations room;

    private volatile @Nullable Cancellation cancellation;
    private volatile @Nullable Runnable wait;
    private CallFrame frame;
    private Attempt attempt = new Attempt(1);
    private @Nullable Session session;
    private @Nullable String boundTo;
    private @Nullable CircuitBreaker breaker;
    private long breakerEpoch;
    private @Nullable CallSpan span;
    private @Nullable Duration pause;
    private long checkoutDeadlineNanos;
    private long waitingSinceNanos;
    private long earlierWaitNanos;
    private long waitNanos;
    private int retries;
    private boolean streamed;
    private boolean onlyOnce;
    private boolean fault;
    private int workersLost;

    /** Makes a call whose results have room in {@code results}. */
    public Call(CallRequest request, CallFrame frame, ByteBudget results) {
        this.room = new Reservations(results);
        this.request = request;
        this.frame = frame;
        waitFrom(request.startedNanos());
    }

    private void waitFrom(long now) {
        waitingSinceNanos = now;
        checkoutDeadlineNanos = now + Math.min(request.deadlineNanos() - now, request.checkoutTimeoutNanos());
    }

    /** Returns what was asked for. */
    public CallRequest request() {
        return request;
    }

    @Override
    public String program() {
        return request.program();
    }

    CallFrame frame() {
        return frame;
    }

    @Override
    public long deadlineNanos() {
        return request.deadlineNanos();
    }

    /** Returns until when the call may wait for a slot. */
    public long checkoutDeadlineNanos() {
        return checkoutDeadlineNanos;
    }

    /** Returns the attempt that goes on, or the last one. */
    Attempt attempt() {
        return attempt;
    }

    /** Returns whether a worker has the call already, before its caller knows. */
    public boolean isAhead() {
        return attempt.isAhead();
    }

    @Nullable Worker worker() {
        return attempt.worker();
    }

    long waitNanos() {
        return waitNanos;
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
    @Nullable String boundTo() {
        return boundTo;
    }

    /** Returns what lines say that are logged for the call as it is now; to be asked for only when something is. */
    public LogFields logged() {
        Worker worker = worker();
        return LogFields.of(
                request.pool(), worker == null ? null : worker.name(), request.program(), request.context());
    }

    /** Notes that the call leaves the queue at {@code now}. */
    public void waited(long now) {
        waitNanos = earlierWaitNanos + now - waitingSinceNanos;
    }

    /** Notes that the worker of {@code slot} has the call from {@code now} on. */
    void givenTo(Slot slot, long now) {
        attempt.givenTo(slot, now);
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
        Slot current = attempt.slot(); // after the write: its owner writes first and then looks whether it is given up
        if (current != null) {
            current.channel().wakeup();
        }
        Runnable waiting = wait; // likewise
        if (waiting != null) {
            waiting.run();
        }
        return true;
    }

    /**
     * Notes what ends the wait of the call at once if somebody cancels it, from any thread; {@code null} once it waits
     * no more.
     */
    public void waits(@Nullable Runnable end) {
        wait = end;
        if (end != null && cancellation != null) {
            end.run();
        }
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
    public Reservation room(long bytes, Runnable granted) {
        return room.request(bytes, granted);
    }

    /** Returns the room that its results have; whoever has got them closes it. */
    public Reservations room() {
        return room;
    }

    @Override
    public void interrupted() {
        cancel(Cancellation.INTERRUPT);
    }

    /** Returns why the call is to end before its time; {@code null} if it is not. */
    public @Nullable Cancellation cancellation() {
        return cancellation;
    }

    /** Has chunks sent as they come; before the call is sent. */
    public void welcomeChunks() {
        frame = frame.withWelcome(frame.welcome() | Flags.CHUNKS_WELCOME);
    }

    /** Returns whether chunks are sent as they come. */
    public boolean isStream() {
        return (frame.welcome() & Flags.CHUNKS_WELCOME) != 0;
    }

    /** Notes that the worker has answered with a frame, {@code chunk} or not. */
    void wasAnswered(boolean chunk) {
        attempt.wasAnswered();
        streamed |= chunk;
    }

    /** Returns whether a chunk has come. */
    public boolean streamed() {
        return streamed;
    }

    /** Calls the progress listener, if there is one. */
    public void tellProgress() {
        ProgressListener listener = request.options().progress();
        if (listener != null) {
            try {
                attempt.tellProgress(listener);
            } catch (RuntimeException e) {
                logged().during(() -> LOG.warn(
                        "pool '{}': the progress listener of a call of '{}' failed",
                        request.pool(),
                        request.program(),
                        e));
            }
        }
    }

    @Override
    public CallView view(long now) {
        Attempt current = attempt;
        return view(current.id(), CallView.RUNNING, String.valueOf(current.worker()), now);
    }

    /** Takes a snapshot of the call while it waits, under the name {@code id}. */
    public CallView waitingView(String id, long now) {
        return view(id, CallView.WAITING, "", now);
    }

    private CallView view(String id, String state, String worker, long now) {
        return new CallView(
                id,
                state,
                request.program(),
                worker,
                request.sessionId(),
                request.key(),
                request.context().correlationId(),
                (now - request.startedNanos()) / 1e6,
                attempt.executionNanos(now) / 1e6,
                (request.deadlineNanos() - now) / 1e6,
                attempt.progress());
    }

    @Override
    public long startedNanos() {
        return request.startedNanos();
    }

    @Override
    public String id() {
        return attempt.id();
    }

    /** Returns whether the deadline had passed when the call got its worker. */
    boolean expired() {
        return request.deadlineNanos() - attempt.startNanos() <= 0;
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
            span.again(ErrorType.WORKER_LOST.code(), Duration.ZERO);
        }
        attempt = new Attempt(attempt.number() + 1);
    }

    /** Notes that {@code breaker} has let the call in with {@code epoch}. */
    public void letIn(CircuitBreaker breaker, long epoch) {
        this.breaker = breaker;
        this.breakerEpoch = epoch;
    }

    /** Returns the breaker that let the call in and has not got its outcome yet; {@code null} for none. */
    @Nullable CircuitBreaker breaker() {
        return breaker;
    }

    /** Returns the breaker's epoch, and notes that it gets the outcome of the call. */
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

    /** Notes that the program raised what it declares as a fault. */
    void faulted() {
        fault = true;
    }

    /**
     * Returns whether the attempt says that the program, or what it depends on, is down: it raised what it declares as
     * a fault, or took all of the time that it has by itself. A caller's shorter deadline says nothing, nor does one
     * that was used up in the queue by more than a tenth.
     */
    boolean isFault(PythonException failure, long now) {
        boolean tookAll = attempt.executionNanos(now) >= request.ownTimeoutNanos() / 10 * 9;
        return fault || (failure.type().equals(ErrorType.CALL_TIMEOUT.code()) && tookAll);
    }

    /** Notes that a worker was lost with the call; returns how many were by now. */
    int workerLost() {
        return ++workersLost;
    }

    int attempts() {
        return attempt.number();
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

    /** Notes that the call is retried at {@code now}: it has no worker and waits again. */
    public void retry(long now) {
        attempt = new Attempt(attempt.number() + 1);
        fault = false;
        retries++;
        earlierWaitNanos = waitNanos;
        waitFrom(now);
    }

    /** Returns where the call is at {@code now}, for a failure of it. */
    ErrorContext context(long now) {
        Worker worker = worker();
        return new ErrorContext(
                request.pool(),
                worker == null ? null : worker.name(),
                request.program(),
                request.sessionId(),
                request.context().correlationId(),
                waitNanos / 1e6,
                attempt.executionNanos(now) / 1e6,
                attempt.number());
    }
}
