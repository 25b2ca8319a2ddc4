package org.vivarium.core.breaker;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.event.BreakerChanged;
import org.vivarium.api.view.BreakerView;
import org.vivarium.core.context.PoolContext;

/** The circuit breakers of a pool, one for each program that was ever known. Thread safe. */
public final class Breakers {
    private static final Logger LOG = LoggerFactory.getLogger(Breakers.class);

    private final PoolContext parts;
    private final Map<String, CircuitBreaker> breakers = new ConcurrentHashMap<>();

    public Breakers(PoolContext parts) {
        this.parts = parts;
    }

    /** Returns the breaker of {@code program}, the same for ever. */
    public CircuitBreaker of(String program) {
        return breakers.computeIfAbsent(program, this::make);
    }

    private CircuitBreaker make(String program) {
        return new CircuitBreaker(
                parts.ticker(),
                () -> BreakerLimits.of(parts.store().current()),
                (mode, failures, by) -> changed(program, mode, failures, by));
    }

    private void changed(String program, CircuitBreaker.Mode mode, int failures, @Nullable String by) {
        if (by == null) { // what an operator does, the audit tells
            LOG.warn(
                    "pool '{}': the circuit breaker of '{}' is {} after {} failures in a row",
                    parts.name(),
                    program,
                    mode,
                    failures);
        }
        parts.telemetry().publish(new BreakerChanged(parts.name(), program, mode.name(), failures, by));
    }

    /**
     * Returns the breaker of a known program.
     *
     * @throws org.vivarium.api.InvalidCallException if nobody knows the program
     */
    public CircuitBreaker find(String program) {
        CircuitBreaker breaker = breakers.get(program);
        if (breaker == null) {
            throw ErrorType.UNKNOWN_PROGRAM.exception(
                    ErrorContext.of(parts.name(), program),
                    "pool '%s' has no program '%s' with a circuit breaker".formatted(parts.name(), program));
        }
        return breaker;
    }

    /** Takes a snapshot of each, by the name of the program. */
    public List<BreakerView> view() {
        Instant now = parts.clock().instant();
        return breakers.entrySet().stream()
                .map(entry -> view(entry.getKey(), entry.getValue().snapshot(), now))
                .sorted(Comparator.comparing(BreakerView::program))
                .toList();
    }

    private static BreakerView view(String program, CircuitBreaker.Snapshot snapshot, Instant now) {
        return new BreakerView(
                program,
                snapshot.mode().name(),
                snapshot.failures(),
                snapshot.ageNanos() < 0 ? null : now.minus(Duration.ofNanos(snapshot.ageNanos())),
                snapshot.rejected());
    }
}
