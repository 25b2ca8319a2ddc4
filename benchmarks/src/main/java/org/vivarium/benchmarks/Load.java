package org.vivarium.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.vivarium.api.PythonException;
import org.vivarium.api.PythonPool;

/** Callers that call without end and count what fails, while a benchmark disturbs the workers. */
final class Load implements AutoCloseable {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final LongAdder calls = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final List<Thread> callers = new ArrayList<>();

    /** Held shared during a call and alone to disturb, so that a worker is surely idle then. */
    private final ReadWriteLock gate = new ReentrantReadWriteLock();

    private volatile boolean done;

    Load(PythonPool pool, int number) {
        for (int i = 0; i < number; i++) {
            Thread caller = new Thread(() -> loop(pool));
            callers.add(caller);
            caller.start();
        }
    }

    private void loop(PythonPool pool) {
        CallOverhead.Echo inputs = new CallOverhead.Echo("hello", 42);
        while (!done) {
            gate.readLock().lock();
            try {
                if (pool.call("echo", inputs, CallOverhead.Echo.class).n() != 42) {
                    failures.increment();
                }
            } catch (PythonException e) {
                failures.increment();
            } finally {
                gate.readLock().unlock();
            }
            calls.increment();
            LockSupport.parkNanos(50_000);
        }
    }

    /** Runs {@code disturbance} between two calls. */
    void between(Runnable disturbance) {
        gate.writeLock().lock();
        try {
            disturbance.run();
        } finally {
            gate.writeLock().unlock();
        }
    }

    int callers() {
        return callers.size();
    }

    long calls() {
        return calls.sum();
    }

    long failures() {
        return failures.sum();
    }

    @Override
    public void close() {
        done = true;
        try {
            for (Thread caller : callers) {
                caller.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // they end by themselves
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("waited in vain for " + what);
            }
            LockSupport.parkNanos(100_000);
        }
    }

    static long openDescriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    static long zombies() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> stat(process.pid()).contains(") Z "))
                .count();
    }

    private static String stat(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        } catch (IOException e) {
            return ""; // gone meanwhile
        }
    }

    static String percentiles(List<Double> millis) {
        List<Double> sorted = millis.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p99 %.1f ms, max %.1f ms",
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 99 / 100),
                sorted.get(sorted.size() - 1));
    }
}
