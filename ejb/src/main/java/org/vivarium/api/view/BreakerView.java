package org.vivarium.api.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one program.
 *
 * @param state {@code CLOSED}, {@code OPEN} or {@code HALF_OPEN}
 * @param failures in a row, as far as they count
 * @param since when it came into this state; {@code null} if it was never opened
 * @param rejected how many calls it has refused since the start
 */
public record BreakerView(
        String program,
        String state,
        int failures,
        @Nullable Instant since,
        long rejected) {}
