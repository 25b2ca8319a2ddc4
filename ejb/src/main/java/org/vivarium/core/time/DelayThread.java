package org.vivarium.core.time;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread behind the timeouts of all {@link CompletableFuture}s of the JVM. The JDK makes it when the first is asked
 * for, with the context class loader and the protection domains of whoever asks, and keeps it for ever: an application
 * that was the first would stay in memory after it was undeployed.
 */
public final class DelayThread {
    private DelayThread() {}

    /** Has the thread made by the JDK, unless it is there already; before anything of ours asks for a timeout. */
    public static void prepare() {
        Executor common = task ->
                ForkJoinPool.commonPool().execute(task); // the pool itself stands for a new thread on two processors
        CompletableFuture<Void> start = new CompletableFuture<>();
        CompletableFuture<Void> made = start.thenRunAsync(() -> {}, common)
                // asked for once the line above has returned, so with nothing but code of the JDK on the stack
                .thenRunAsync(() -> {}, CompletableFuture.delayedExecutor(1, TimeUnit.NANOSECONDS));
        Thread current = Thread.currentThread();
        CompletableFuture<Void> unused = made.thenRun(() -> LockSupport.unpark(current));
        start.complete(null);
        while (!made.isDone()) { // join() would help out, and ask for the thread itself
            LockSupport.park(made);
        }
    }
}
