package org.vivarium.web.security.login;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Bounds how many passwords are hashed at once, so that a flood of logins leaves processors, and threads of the server,
 * to others: a few are computed, a few more wait for a moment, and the rest is turned away. Thread safe.
 */
final class HashPermits {
    /** Waiting for each that is computed: at some 100 ms each, the last one waits for less than a second. */
    private static final int WAITING_PER_PERMIT = 8;

    private final Semaphore computing;
    private final Semaphore places;
    private final Duration patience;

    /**
     * Makes permits.
     *
     * @param atOnce how many are computed at once
     * @param patience how long one waits for its turn
     */
    HashPermits(int atOnce, Duration patience) {
        this.computing = new Semaphore(atOnce, true);
        this.places = new Semaphore(atOnce * (1 + WAITING_PER_PERMIT));
        this.patience = patience;
    }

    /**
     * Returns what {@code computation} returns; empty if it had no turn.
     *
     * @param mayWait whether it waits for a turn, or runs only if one is free now
     */
    Optional<Boolean> compute(boolean mayWait, BooleanSupplier computation) {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        try {
            if (!begin(mayWait)) {
                return Optional.empty();
            }
            try {
                return Optional.of(computation.getAsBoolean());
            } finally {
                computing.release();
            }
        } finally {
            places.release();
        }
    }

    private boolean begin(boolean mayWait) {
        if (!mayWait) {
            return computing.tryAcquire();
        }
        try {
            return computing.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
