package org.vivarium.api.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiFunction;
import org.vivarium.api.PoolQueries;
import org.vivarium.api.client.bridge.Bridge;

/**
 * Asks for the metrics of one pool through the {@link Bridge}. Thread safe.
 *
 * @param ask takes what is asked for and its arguments
 */
record BridgedQueries(BiFunction<String, Map<String, String>, Map<String, Object>> ask) implements PoolQueries {
    @Override
    public Map<String, Object> metrics(String window) {
        return ask.apply(Bridge.METRICS, Map.of("window", window));
    }

    @Override
    public Map<String, Object> range(Instant from, Instant to, Duration step) {
        return ask.apply(Bridge.RANGE, Map.of("from", from.toString(), "to", to.toString(), "step", step.toString()));
    }

    @Override
    public Map<String, Object> worker(String worker, String window) {
        return ask.apply(Bridge.WORKER, Map.of("worker", worker, "window", window));
    }

    @Override
    public Map<String, Object> errors(String window) {
        return ask.apply(Bridge.ERRORS, Map.of("window", window));
    }

    @Override
    public Map<String, Object> summary() {
        return ask.apply(Bridge.SUMMARY, Map.of());
    }
}
