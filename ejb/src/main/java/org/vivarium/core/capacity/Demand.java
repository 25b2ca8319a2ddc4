package org.vivarium.core.capacity;

import static org.vivarium.core.config.PoolParameter.GROWTH_DELAY;
import static org.vivarium.core.config.PoolParameter.IDLE_TIME;
import static org.vivarium.core.config.PoolParameter.MAXIMUM_WORKERS;
import static org.vivarium.core.config.PoolParameter.MINIMUM_WORKERS;
import static org.vivarium.core.config.PoolParameter.OVERFLOW;

import org.vivarium.core.config.PoolSettings;

/**
 * How many workers a pool wants in service: those that it is set to keep, and more while callers keep waiting. Written
 * by the supervisor's thread; {@link #target} and {@link #asleep} may be read by any.
 */
public final class Demand {
    private int kept;
    private int extra;
    private boolean calm;
    private long calmSinceNanos;
    private volatile boolean asleep;
    private volatile int target;

    /**
     * The load at one moment.
     *
     * @param ready workers in service that are idle or busy
     * @param idle those of them that are idle
     */
    public record Load(int waiting, long oldestWaitNanos, int ready, int idle) {}

    /** Keeps {@code workers} from now on, whatever the load; or once a call comes, if it {@code sleeps} till then. */
    public void keep(int workers, boolean sleeps) {
        kept = workers;
        extra = 0;
        calm = false;
        asleep = sleeps;
        update();
    }

    /** Ends the sleep; returns whether there was one. */
    public boolean wake() {
        boolean woken = asleep;
        asleep = false;
        update();
        return woken;
    }

    /** Fits what is kept to new settings. */
    public void follow(PoolSettings settings) {
        int maximum = settings.integer(MAXIMUM_WORKERS);
        kept = Math.max(settings.integer(MINIMUM_WORKERS), Math.min(maximum, kept));
        extra = Math.max(0, Math.min(extra, maximum + settings.integer(OVERFLOW) - kept));
        update();
    }

    /**
     * Grows by one worker if the oldest caller has waited too long although all workers are there; gives up what is
     * above the maximum once nobody waits, and one of the rest each time that one was idle for long enough.
     */
    public void observe(Load load, PoolSettings settings, long nowNanos) {
        boolean wasted = !asleep && extra > 0 && load.waiting() == 0 && load.idle() > 0;
        if (wasted && !calm) {
            calmSinceNanos = nowNanos;
        }
        calm = wasted;
        if (asleep) {
            return;
        }
        if (load.waiting() > 0) {
            grow(load, settings);
        } else {
            shrink(settings, nowNanos);
        }
        update();
    }

    private void grow(Load load, PoolSettings settings) {
        boolean full = load.ready() >= target;
        boolean mayGrow = target < settings.integer(MAXIMUM_WORKERS) + settings.integer(OVERFLOW);
        if (full && mayGrow && load.oldestWaitNanos() >= settings.nanos(GROWTH_DELAY)) {
            extra++;
        }
    }

    private void shrink(PoolSettings settings, long nowNanos) {
        int maximum = settings.integer(MAXIMUM_WORKERS);
        if (target > maximum) {
            extra = Math.max(0, maximum - kept);
        } else if (calm && nowNanos - calmSinceNanos >= settings.nanos(IDLE_TIME)) {
            extra--;
            calmSinceNanos = nowNanos;
        }
    }

    private void update() {
        target = asleep ? 0 : kept + extra;
    }

    /** Returns how many workers are wanted in service; 0 while the pool sleeps. */
    public int target() {
        return target;
    }

    /** Returns whether the pool waits for its first call. */
    public boolean asleep() {
        return asleep;
    }
}
