package org.vivarium.api;

import static java.util.Objects.requireNonNull;

/**
 * Names one worker process for as long as it lives, as {@code pool-sequence}; never reused within a run of the service.
 */
public record WorkerId(String pool, long sequence) {
    public WorkerId {
        requireNonNull(pool, "pool");
    }

    @Override
    public String toString() {
        return pool + '-' + sequence;
    }
}
