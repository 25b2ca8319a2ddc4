package org.vivarium.benchmarks;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.PythonException;
import org.vivarium.api.PythonPool;

/**
 * Calls {@code count} again and again. With a session the answers must be 1, 2, 3, …, whichever worker counts; without
 * one, always 1. One thread at a time.
 */
final class CountingCaller {
    private static final Step STEP = new Step(1);

    private final PythonPool pool;
    private final boolean inSession;
    private final CallOptions options;
    private long last;
    private long calls;
    private long failures;
    private long surprises;
    private final Map<String, Integer> kinds = new TreeMap<>();
    private volatile boolean done;
    private @Nullable Thread thread;

    CountingCaller(PythonPool pool, @Nullable String session) {
        this.pool = pool;
        this.inSession = session != null;
        this.options = session == null
                ? CallOptions.DEFAULT
                : CallOptions.DEFAULT.withContext(CallContext.of(Map.of("session", session)));
    }

    /** What goes in. */
    public record Step(int step) {}

    /** What comes out. */
    public record Count(long count) {}

    /** Calls once; throws what goes wrong. */
    void call() {
        if (!isNext()) {
            throw new AssertionError("counted " + last + ", which was not due");
        }
    }

    private boolean isNext() {
        long expected = inSession ? last + 1 : 1;
        last = pool.call("count", STEP, Count.class, options).count();
        return last == expected;
    }

    /** Calls in a thread of its own until {@link #stop}, and counts failures instead. */
    void start() {
        done = false;
        Thread caller = new Thread(this::loop);
        thread = caller;
        caller.start();
    }

    void stop() throws InterruptedException {
        done = true;
        if (thread != null) {
            thread.join();
        }
    }

    private void loop() {
        while (!done) {
            calls++;
            try {
                surprises += isNext() ? 0 : 1;
            } catch (PythonException e) {
                failures++;
                kinds.merge(e.details().type(), 1, Integer::sum);
            }
        }
    }

    /** Returns the calls between {@link #start} and {@link #stop}. */
    long calls() {
        return calls;
    }

    long failures() {
        return failures;
    }

    /** Returns how often a call failed, by the type of its error. */
    Map<String, Integer> kinds() {
        return kinds;
    }

    /** Returns how many answers were not the number that was due. */
    long surprises() {
        return surprises;
    }
}
