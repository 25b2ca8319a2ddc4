package org.vivarium.core.context;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.api.view.PoolTotals.Counter;

/** What a pool counts. Thread safe. */
public final class PoolCounters {
    private final Map<Counter, LongAdder> counts = new EnumMap<>(Counter.class); // never changed once built

    public PoolCounters() {
        for (Counter counter : Counter.values()) {
            counts.put(counter, new LongAdder());
        }
    }

    private LongAdder adder(Counter counter) {
        return requireNonNull(counts.get(counter));
    }

    /** Counts one more. */
    public void count(Counter counter) {
        adder(counter).increment();
    }

    /** Counts {@code more} more. */
    public void add(Counter counter, long more) {
        adder(counter).add(more);
    }

    /** Returns how far {@code counter} has come. */
    public long of(Counter counter) {
        return adder(counter).sum();
    }

    /** Returns all of them; {@code recoveries} are counted elsewhere. */
    public PoolTotals totals(long recoveries) {
        return PoolTotals.counted(counter -> counter == Counter.RECOVERIES ? recoveries : of(counter));
    }
}
