package org.vivarium.core.breaker;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.time.Ticker;

/**
 * Refuses the calls of a program that fails again and again, and lets it prove itself after a while.
 *
 * <p>Closed, it lets everybody in and counts failures in a row, and in a window from the first; open, nobody; half
 * open, a few at a time, until enough of them have succeeded or one has failed. Who is let in gets the number of the
 * state's epoch and gives it back with how it went: so a call that began before a change of state says nothing about
 * the state after it. Lock free; while it is closed and nothing has failed, a call costs one volatile read on its way
 * in and one on its way out. Thread safe.
 */
public final class CircuitBreaker {
    /** The answer to who is not let in. */
    public static final long REFUSED = -1;

    private final Ticker ticker;
    private final Supplier<BreakerLimits> limits;
    private final Listener listener;
    private final LongAdder rejected = new LongAdder();
    private final FailureWindow window = new FailureWindow();
    private final AtomicReference<State> state = new AtomicReference<>(State.closed(0, 0));

    /** Makes a closed one; {@code listener} is called after each change is visible, and must not block. */
    public CircuitBreaker(Ticker ticker, Supplier<BreakerLimits> limits, Listener listener) {
        this.ticker = ticker;
        this.limits = limits;
        this.listener = listener;
    }

    /** Returns a number to be given back with the outcome, or {@link #REFUSED}. */
    public long enter() {
        while (true) {
            State now = state.get();
            if (now.mode == Mode.CLOSED) {
                return now.epoch;
            }
            State next = admitting(now);
            if (next == null) {
                rejected.increment();
                return REFUSED;
            }
            if (move(now, next, null)) {
                return next.epoch;
            }
        }
    }

    /** Returns the state after one more call was let in; {@code null} if it is not. */
    private @Nullable State admitting(State now) {
        BreakerLimits limit = limits.get();
        long nanos = ticker.nanos();
        if (now.byHand) {
            return null;
        }
        if (limit.failures() == 0) {
            return State.closed(now.epoch + 1, nanos); // it was switched off
        }
        boolean waited = nanos - now.sinceNanos >= limit.openNanos();
        if (now.mode == Mode.OPEN) {
            return waited ? State.halfOpen(now, nanos) : null;
        }
        if (now.probes < limit.probes()) {
            return now.probing(now.probes + 1, now.successes);
        }
        return waited ? State.halfOpen(now, nanos) : null; // probes that never report an outcome do not block for ever
    }

    /** Takes the success of a call that was let in with {@code epoch}. */
    public void succeeded(long epoch) {
        for (State now = state.get(); now.epoch == epoch; now = state.get()) {
            if (now.mode == Mode.CLOSED) {
                window.succeeded();
                if (now.failures == 0) {
                    return;
                }
            }
            State next = now.mode == Mode.CLOSED ? now.failing(0) : proved(now);
            if (move(now, next, null)) {
                return;
            }
        }
    }

    private State proved(State now) {
        return now.successes + 1 >= limits.get().successes()
                ? State.closed(now.epoch + 1, ticker.nanos())
                : now.probing(now.probes - 1, now.successes + 1);
    }

    /** Takes the failure of a call that was let in with {@code epoch}. */
    public void failed(long epoch) {
        boolean mostFail = window.failed(ticker.nanos(), limits.get());
        for (State now = state.get(); now.epoch == epoch; now = state.get()) {
            int limit = limits.get().failures();
            if (limit == 0) {
                return;
            }
            int failures = now.failures + 1;
            boolean opens = now.mode == Mode.HALF_OPEN || failures >= limit || mostFail;
            State next = opens ? State.open(now.epoch + 1, failures, ticker.nanos(), false) : now.failing(failures);
            if (move(now, next, null)) {
                return;
            }
        }
    }

    /** Takes the end of a call that was let in with {@code epoch} and says nothing about the program. */
    public void ignored(long epoch) {
        for (State now = state.get(); now.epoch == epoch && now.mode == Mode.HALF_OPEN; now = state.get()) {
            if (move(now, now.probing(now.probes - 1, now.successes), null)) {
                return;
            }
        }
    }

    /** Opens it until {@link #close}, and returns what it was before. */
    public Mode open(String by) {
        State now;
        do {
            now = state.get();
        } while (!move(now, State.open(now.epoch + 1, now.failures, ticker.nanos(), true), by));
        return now.mode;
    }

    /** Closes it, whatever it was, and returns that. */
    public Mode close(String by) {
        State now;
        do {
            now = state.get();
        } while (!move(now, State.closed(now.epoch + 1, ticker.nanos()), by));
        return now.mode;
    }

    private boolean move(State from, State to, @Nullable String by) {
        if (!state.compareAndSet(from, to)) {
            return false;
        }
        if (from.mode != to.mode || by != null) {
            listener.changed(to.mode, to.failures, by);
        }
        return true;
    }

    /** Returns whether it is open, so that it would be of no use to try again. */
    public boolean isOpen() {
        return state.get().mode == Mode.OPEN;
    }

    /** Returns whether it lets everybody in. */
    public boolean isClosed() {
        return state.get().mode == Mode.CLOSED;
    }

    /** Takes a snapshot. */
    public Snapshot snapshot() {
        State now = state.get();
        long age = now.epoch == 0 ? -1 : ticker.nanos() - now.sinceNanos;
        long left = now.mode == Mode.OPEN ? Math.max(0, limits.get().openNanos() - age) : 0;
        return new Snapshot(now.mode, now.failures, age, left, now.byHand, rejected.sum());
    }

    /** What a breaker can be. */
    public enum Mode {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /** Hears of changes. */
    @FunctionalInterface
    public interface Listener {
        /** Takes the new state; {@code by} is {@code null} if calls changed it. */
        void changed(Mode mode, int failures, @Nullable String by);
    }

    /**
     * A breaker at one moment.
     *
     * @param failures in a row
     * @param ageNanos how long it has been in its state; -1 if it was never in another
     * @param closedForNanos how long it still refuses all calls; no meaning if {@code byHand}
     * @param byHand whether it stays open until somebody closes it
     * @param rejected how many calls it has refused
     */
    public record Snapshot(
            Mode mode, int failures, long ageNanos, long closedForNanos, boolean byHand, long rejected) {}

    /** All that changes, at one moment. {@code probes} are those that have not reported an outcome yet. */
    private record State(
            Mode mode, long epoch, int failures, int probes, int successes, long sinceNanos, boolean byHand) {
        static State closed(long epoch, long now) {
            return new State(Mode.CLOSED, epoch, 0, 0, 0, now, false);
        }

        static State open(long epoch, int failures, long now, boolean byHand) {
            return new State(Mode.OPEN, epoch, failures, 0, 0, now, byHand);
        }

        /** Half open, with the first probe on its way. */
        static State halfOpen(State before, long now) {
            return new State(Mode.HALF_OPEN, before.epoch + 1, before.failures, 1, 0, now, false);
        }

        State failing(int inARow) {
            return new State(mode, epoch, inARow, 0, 0, sinceNanos, false);
        }

        State probing(int underWay, int succeeded) {
            return new State(mode, epoch, failures, underWay, succeeded, sinceNanos, false);
        }
    }
}
