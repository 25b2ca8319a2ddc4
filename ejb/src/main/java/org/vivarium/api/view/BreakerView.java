package org.vivarium.api.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.BreakerState;
import org.vivarium.api.OneOf;

/**
 * The circuit breaker of one program.
 *
 * @param state the name of a {@link BreakerState}
 * @param failures in a row, as far as they count
 * @param since when it came into this state; {@code null} if it was never opened
 * @param rejected how many calls it has refused since the start
 */
public record BreakerView(
        String program,
        @OneOf(namesOf = BreakerState.class) String state,
        int failures,
        @Nullable Instant since,
        long rejected) {}
