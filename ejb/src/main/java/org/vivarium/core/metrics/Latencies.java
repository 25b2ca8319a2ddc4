package org.vivarium.core.metrics;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.vivarium.api.event.CallEnded;
import org.vivarium.core.metrics.windows.LifeSpan;

/**
 * All durations of a pool since the service started: unlike those of windows, their counts only rise. Immutable.
 *
 * @param programs by name; {@code _other} stands for all beyond the first 100
 * @param lives spans of the lives of workers, each of the kinds
 */
public record Latencies(CallLatencies calls, Map<String, CallLatencies> programs, Map<LifeSpan, BucketCounts> lives) {
    public Latencies {
        programs = Map.copyOf(programs);
        lives = Map.copyOf(lives);
    }

    /** Returns the spans of one kind. */
    public BucketCounts of(LifeSpan span) {
        return requireNonNull(lives.get(span));
    }

    /** Counts calls and spans. Not thread safe. */
    static final class Recorder {
        private final CallLatencies.Recorder calls = new CallLatencies.Recorder();
        private final Map<String, CallLatencies.Recorder> programs = new TreeMap<>();
        private final Map<LifeSpan, BucketCounts.Recorder> lives = new EnumMap<>(LifeSpan.class);

        Recorder() {
            for (LifeSpan span : LifeSpan.values()) {
                lives.put(span, new BucketCounts.Recorder());
            }
        }

        /** Counts a call for the pool and for the program that has the label {@code program}. */
        void add(CallEnded call, String program) {
            calls.add(call);
            programs.computeIfAbsent(program, unused -> new CallLatencies.Recorder())
                    .add(call);
        }

        void add(LifeSpan span, long nanos) {
            requireNonNull(lives.get(span)).add(nanos);
        }

        Latencies read() {
            Map<String, CallLatencies> ofPrograms = new TreeMap<>();
            programs.forEach((name, latencies) -> ofPrograms.put(name, latencies.read()));
            Map<LifeSpan, BucketCounts> ofLives = new EnumMap<>(LifeSpan.class);
            lives.forEach((span, counts) -> ofLives.put(span, counts.read()));
            return new Latencies(calls.read(), ofPrograms, ofLives);
        }
    }
}
