package org.vivarium.api.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One session of a pool.
 *
 * @param worker the one that it is bound to; {@code null} if that has gone, or before the first call
 * @param calls how many of its calls have ended
 * @param stateBytes size of what its programs have saved
 * @param waiting how many of its calls wait for their turn
 */
public record SessionView(
        String id,
        Instant created,
        Instant lastActivity,
        long calls,
        @Nullable String worker,
        int stateBytes,
        int waiting) {}
