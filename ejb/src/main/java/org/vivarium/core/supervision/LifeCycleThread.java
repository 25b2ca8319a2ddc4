package org.vivarium.core.supervision;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread on which all decisions about the workers of a pool are taken, one after the other. Thread safe. */
public final class LifeCycleThread {
    private static final Logger LOG = LoggerFactory.getLogger(LifeCycleThread.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final ExecutorService thread;
    private final ScheduledExecutorService timer;
    private final Executor blocking;

    /** Runs in {@code blocking} what may block. */
    public LifeCycleThread(String pool, ThreadFactory threads, ScheduledExecutorService timer, Executor blocking) {
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = threads.newThread(task);
            made.setName("vivarium-pool-" + pool);
            return made;
        });
        this.timer = timer;
        this.blocking = blocking;
    }

    /** Has {@code task} run; returns {@code false} if the pool is closed. */
    boolean run(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("the pool is closed; a task of its life cycle is left out");
            return false;
        }
    }

    /** Has {@code task} run after {@code delay}, unless the pool is closed by then. */
    public void later(Runnable task, Duration delay) {
        try {
            Future<?> unused = timer.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the service is closed; dropping a task of the life cycle");
        }
    }

    /** Has {@code task}, which may block, run on another thread; returns {@code false} if the service is closed. */
    boolean runBlocking(Runnable task) {
        try {
            blocking.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("the service is closed; dropping a task of the life cycle");
            return false;
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a task of the life cycle failed; continuing", e);
        }
    }

    /** Runs {@code last} after all that is queued and ends the thread; waits at most a second. */
    public void close(Runnable last) {
        run(last);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the life cycle of a pool did not end within {}", CLOSE_WITHIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
