package org.vivarium.testing.fake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.vivarium.testing.ManualTicker;

/** A timer whose time passes when a test says so; its tasks run in the thread that says it. Thread safe. */
public final class SteppedTimer extends AbstractExecutorService implements ScheduledExecutorService {
    private final ManualTicker ticker;
    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>(
            Comparator.<Task<?>>comparingLong(task -> task.dueNanos).thenComparing(t -> t.number));

    private long numbers;
    private boolean closed;

    /** Makes a timer that moves {@code ticker}. */
    public SteppedTimer(ManualTicker ticker) {
        this.ticker = ticker;
    }

    /** Lets {@code step} pass: what falls due meanwhile runs, each at its time. */
    public void advance(Duration step) {
        long end = ticker.nanos() + step.toNanos();
        for (Task<?> task = due(end); task != null; task = due(end)) {
            ticker.advance(Duration.ofNanos(Math.max(0, task.dueNanos - ticker.nanos())));
            task.run();
        }
        ticker.advance(Duration.ofNanos(end - ticker.nanos()));
    }

    private synchronized Task<?> due(long nanos) {
        Task<?> next = tasks.peek();
        return next == null || next.dueNanos > nanos ? null : tasks.remove();
    }

    /** Returns whether a task waits whose whole delay is at least {@code shortest} and at most {@code longest}. */
    public synchronized boolean hasTask(Duration shortest, Duration longest) {
        return tasks.stream()
                .anyMatch(task -> task.delay.compareTo(shortest) >= 0 && task.delay.compareTo(longest) <= 0);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return schedule(
                () -> {
                    command.run();
                    return null;
                },
                delay,
                unit);
    }

    @Override
    public synchronized <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        if (closed) {
            throw new RejectedExecutionException("the timer is closed");
        }
        Task<V> task = new Task<>(callable, Duration.of(delay, unit.toChronoUnit()), numbers++);
        tasks.add(task);
        return task;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody here repeats by the timer");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody here repeats by the timer");
    }

    @Override
    public void execute(Runnable command) {
        command.run();
    }

    @Override
    public synchronized void shutdown() {
        closed = true;
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        closed = true;
        List<Runnable> left = new ArrayList<>(tasks);
        tasks.clear();
        return left;
    }

    @Override
    public synchronized boolean isShutdown() {
        return closed;
    }

    @Override
    public boolean isTerminated() {
        return isShutdown();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isShutdown();
    }

    private synchronized void forget(Task<?> task) {
        tasks.remove(task);
    }

    /** A task and when it is due; those that are due at the same time run in the order in which they came. */
    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private final Duration delay;
        private final long dueNanos;
        private final long number;

        Task(Callable<V> callable, Duration delay, long number) {
            super(callable);
            this.delay = delay;
            this.dueNanos = ticker.nanos() + delay.toNanos();
            this.number = number;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            forget(this);
            return super.cancel(mayInterruptIfRunning);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - ticker.nanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
