package org.vivarium.core.monitor;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.vivarium.core.time.PeriodicJob;

/**
 * Knows the periodic jobs, and which of them are late or stuck: one that has not run for three intervals and 5 s, or
 * has been running for that time. Thread safe.
 */
public final class JobWatch {
    private static final int INTERVALS = 3;
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Map<String, Watched> jobs = new ConcurrentHashMap<>();

    private record Watched(PeriodicJob job, Duration interval) {
        boolean isLate() {
            return job.since().compareTo(interval.multipliedBy(INTERVALS).plus(MARGIN)) > 0;
        }

        @Override
        public String toString() {
            return "%s %s for %d s (it is due every %s s)"
                    .formatted(
                            job.name(),
                            job.isRunning() ? "has been running" : "has not run",
                            job.since().toSeconds(),
                            interval.toMillis() / 1e3);
        }
    }

    /** Watches a job, whatever its interval was before. */
    public void watch(PeriodicJob job, Duration interval) {
        jobs.put(job.name(), new Watched(job, interval));
    }

    /** Forgets all of them. */
    public void clear() {
        jobs.clear();
    }

    /** Returns which are late or stuck, in one sentence; empty if none is. */
    public String problem() {
        return jobs.values().stream()
                .filter(Watched::isLate)
                .map(Watched::toString)
                .sorted()
                .collect(Collectors.joining("; "));
    }
}
