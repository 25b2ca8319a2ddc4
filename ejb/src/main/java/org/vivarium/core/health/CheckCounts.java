package org.vivarium.core.health;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How health checks have ended since the pool started. Thread safe. */
final class CheckCounts {
    private final Map<Result, LongAdder> counts = new EnumMap<>(Result.class); // never changed once built

    CheckCounts() {
        Arrays.stream(Result.values()).forEach(result -> counts.put(result, new LongAdder()));
    }

    void count(Result result) {
        requireNonNull(counts.get(result)).increment();
    }

    /** Returns the counts by the names of the results, those that never came included. */
    Map<String, Long> view() {
        Map<String, Long> view = new LinkedHashMap<>();
        counts.forEach((result, count) -> view.put(result.name(), count.sum()));
        return view;
    }

    /** How a check has ended. The names are part of the telemetry contract: never rename one. */
    enum Result {
        /** The worker has answered. */
        PASSED,
        /** No answer in time. */
        TIMED_OUT,
        /** No answer in time, but a call had come by another slot. */
        OVERTAKEN,
        /** The connection has ended. */
        CHANNEL_LOST,
        /** The worker sent something else. */
        PROTOCOL_BROKEN,
        /** The service itself has failed. */
        FAILED_INSIDE
    }
}
