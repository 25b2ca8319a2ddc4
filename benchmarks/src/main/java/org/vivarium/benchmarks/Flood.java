package org.vivarium.benchmarks;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.vivarium.api.CallOptions;
import org.vivarium.api.PythonPool;
import org.vivarium.api.view.PoolView;

/** A caller whose program prints without end. */
final class Flood implements AutoCloseable {
    private static final CallOptions PATIENT = CallOptions.DEFAULT.withTimeout(Duration.ofMinutes(10));

    private final PythonPool pool;
    private final int megabytes;
    private final Thread caller;
    private volatile boolean done;
    private final LongAdder printed = new LongAdder();

    /** Prints {@code megabytes} per call; nothing at all for 0. */
    Flood(PythonPool pool, int megabytes) {
        this.pool = pool;
        this.megabytes = megabytes;
        this.caller = new Thread(this::print);
        caller.start();
    }

    private void print() {
        while (megabytes > 0 && !done) {
            pool.call("print_noise", Map.of("megabytes", megabytes), Map.class, PATIENT);
            printed.add(megabytes);
        }
    }

    /** Returns what was printed and dropped, in a sentence. */
    String summary(PoolView view) {
        return "printed meanwhile in another pool: %d MB, of which %d lines were dropped"
                .formatted(printed.sum(), view.totals().droppedLines());
    }

    @Override
    public void close() {
        done = true;
        try {
            caller.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
