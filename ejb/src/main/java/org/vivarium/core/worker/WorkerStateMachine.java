package org.vivarium.core.worker;

import static java.util.Objects.requireNonNull;
import static org.vivarium.api.WorkerState.BUSY;
import static org.vivarium.api.WorkerState.DEGRADED;
import static org.vivarium.api.WorkerState.DRAINING;
import static org.vivarium.api.WorkerState.INITIALIZING;
import static org.vivarium.api.WorkerState.READY;
import static org.vivarium.api.WorkerState.TERMINATED;
import static org.vivarium.api.WorkerState.TERMINATING;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.WorkerId;
import org.vivarium.api.WorkerState;
import org.vivarium.core.time.Ticker;

/**
 * Owns the {@link WorkerState} of one worker, records each change and reports it exactly once.
 *
 * <p>A move that lost a race returns {@code false}; that is normal under load. A move along an edge that
 * {@link WorkerState#canBecome} does not have is a bug and throws an error that names both states. Thread safe and lock
 * free. The listener runs after the new state is visible, outside any lock; its exceptions are logged and never reach
 * the caller.
 */
public final class WorkerStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerStateMachine.class);

    private final WorkerId worker;
    private final Ticker ticker;
    private final InstantSource clock;
    private final TransitionListener listener;
    private final TransitionHistory history;
    private final StateClock times = new StateClock();

    /** A fresh {@link Stage} per visit: comparing by identity makes the CAS immune to A-B-A. */
    private final AtomicReference<Stage> stage;

    /** Starts in INITIALIZING, and keeps {@code historyLength} changes of each kind. */
    public WorkerStateMachine(
            WorkerId worker, Ticker ticker, InstantSource clock, int historyLength, TransitionListener listener) {
        this.worker = requireNonNull(worker, "worker");
        this.ticker = requireNonNull(ticker, "ticker");
        this.clock = requireNonNull(clock, "clock");
        this.listener = requireNonNull(listener, "listener");
        this.history = new TransitionHistory(historyLength);
        this.stage = new AtomicReference<>(new Stage(INITIALIZING, ticker.nanos(), 0));
    }

    /** Returns whose state it is. */
    WorkerId worker() {
        return worker;
    }

    /** Returns the current state, which may have changed by the time the caller looks at it. */
    public WorkerState state() {
        return stage.get().state();
    }

    /** Returns how many calls the worker has now. */
    public int busySlots() {
        return stage.get().busySlots();
    }

    /** Returns why the worker was terminated, or was seen to have ended; {@code null} before. */
    public @Nullable TransitionReason terminationReason() {
        Transition end = termination();
        return end == null ? null : end.reason();
    }

    /** Returns how the end of the worker's life began; {@code null} before. */
    public @Nullable Transition termination() {
        return history().stream()
                .filter(transition -> transition.to() == TERMINATING)
                .findFirst()
                .orElse(null);
    }

    /** Returns the last changes, oldest first. */
    public List<Transition> history() {
        return history.snapshot();
    }

    /** Returns how long the worker has been in each state; a stay that ends at this moment may be missing. */
    public StateTimes times() {
        while (true) {
            Stage current = stage.get();
            StateTimes read = times.times(current.state(), ticker.nanos() - current.enteredNanos());
            if (stage.get().equals(current)) { // else a stay may be in it twice: as ended, and as the one that goes on
                return read;
            }
        }
    }

    /** Ends start-up after a good handshake. */
    public boolean becomeReady() {
        return becomeReady("");
    }

    /** Ends start-up after a good handshake, and notes {@code detail} with it. */
    public boolean becomeReady(String detail) {
        return tryMove(INITIALIZING, READY, TransitionReason.HANDSHAKE_OK, detail);
    }

    /** Takes one slot for a call; {@code false} if the worker is not READY or BUSY. */
    public boolean tryCheckOut() {
        while (true) {
            Stage current = stage.get();
            if (current.state() == BUSY) {
                if (stage.compareAndSet(current, current.with(current.busySlots() + 1))) {
                    return true;
                }
            } else if (current.state() != READY) {
                return false;
            } else if (tryMove(current, BUSY, current.busySlots() + 1, TransitionReason.CHECKED_OUT, "")) {
                return true;
            }
        }
    }

    /** Gives one slot back; {@code false} if the worker was degraded, drained or ended meanwhile. */
    public boolean checkIn() {
        while (true) {
            Stage current = stage.get();
            int left = current.busySlots() - 1;
            if (current.state() != BUSY || left > 0) {
                if (stage.compareAndSet(current, current.with(left))) {
                    return current.state() == BUSY;
                }
            } else if (tryMove(current, READY, 0, TransitionReason.CHECKED_IN, "")) {
                return true;
            }
        }
    }

    /**
     * Has a worker without a call take none until a check succeeds; {@code false} if it has one: busy workers are
     * judged by their heartbeat and the deadlines of their calls.
     */
    public boolean degrade(String detail) {
        return tryMove(READY, DEGRADED, TransitionReason.HEALTH_CHECK_FAILED, detail);
    }

    /** Puts a degraded worker back into service. */
    public boolean recover() {
        return tryMove(DEGRADED, READY, TransitionReason.HEALTH_CHECK_PASSED, "");
    }

    /** Lets the worker finish what it has and take nothing more. */
    public boolean drain(TransitionReason reason) {
        return moveFromAnywhere(DRAINING, reason, "");
    }

    /** Starts the end of the worker's life, from whatever state it is in. */
    public boolean beginTermination(TransitionReason reason, String detail) {
        return moveFromAnywhere(TERMINATING, reason, detail);
    }

    /** Likewise for a worker that has one call; {@code false} if it has others, which would end with it. */
    public boolean beginTerminationIfAlone(TransitionReason reason, String detail) {
        for (Stage from = stage.get();
                from.busySlots() <= 1 && from.state().canBecome(TERMINATING);
                from = stage.get()) {
            if (tryMove(from, TERMINATING, from.busySlots(), reason, detail)) {
                return true;
            }
        }
        return false;
    }

    /** Records that the process is gone, by way of TERMINATING if nobody had asked for it. */
    public boolean end(String detail) {
        beginTermination(TransitionReason.PROCESS_EXITED, detail);
        return tryMove(TERMINATING, TERMINATED, TransitionReason.PROCESS_EXITED, detail);
    }

    private boolean moveFromAnywhere(WorkerState to, TransitionReason reason, String detail) {
        for (Stage from = stage.get(); from.state().canBecome(to); from = stage.get()) {
            if (tryMove(from, to, from.busySlots(), reason, detail)) {
                return true;
            }
        }
        return false;
    }

    /** Moves {@code from → to} if the worker is still in {@code from}; package-private for the edge test. */
    boolean tryMove(WorkerState from, WorkerState to, TransitionReason reason, String detail) {
        if (!from.canBecome(to)) {
            throw new IllegalArgumentException("worker %s cannot go %s -> %s".formatted(worker, from, to));
        }
        Stage current = stage.get();
        return current.state() == from && tryMove(current, to, current.busySlots(), reason, detail);
    }

    private boolean tryMove(Stage current, WorkerState to, int busySlots, TransitionReason reason, String detail) {
        Stage next = new Stage(to, ticker.nanos(), busySlots);
        if (!stage.compareAndSet(current, next)) {
            return false;
        }
        long spent = next.enteredNanos() - current.enteredNanos();
        Transition done = new Transition(worker, current.state(), to, reason, spent, clock.instant(), detail);
        history.add(done);
        times.left(current.state(), spent);
        try {
            listener.onTransition(done);
        } catch (RuntimeException e) {
            LOG.warn("a listener failed on {}", done, e);
        }
        return true;
    }

    private record Stage(WorkerState state, long enteredNanos, int busySlots) {
        Stage with(int slots) {
            return new Stage(state, enteredNanos, slots);
        }
    }
}
