package org.vivarium.web.security.login;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Bounds how many passwords are hashed at once, so that a flood of logins leaves processors, and threads of the server,
 * to others: a few are computed, a few more wait for a moment, and the rest is turned away. Thread safe.
 */
final class HashPermits {
    /** Waiting for each that is computed: at some 100 ms each, the last one waits for less than a second. */
    private static final int WAITING_PER_PERMIT = 8;

    /** Likewise, of those that come from where too many came from before. */
    private static final int CROWDED_PER_PERMIT = 2;

    private final Semaphore computing;
    private final Semaphore places;
    private final Semaphore crowdedPlaces;
    private final Supplier<Duration> patience;

    /**
     * Makes permits.
     *
     * @param atOnce how many are computed at once
     * @param patience how long one waits for its turn
     */
    HashPermits(int atOnce, Supplier<Duration> patience) {
        this.computing = new Semaphore(atOnce, true);
        this.places = new Semaphore(atOnce * (1 + WAITING_PER_PERMIT));
        this.crowdedPlaces = new Semaphore(atOnce * (1 + CROWDED_PER_PERMIT));
        this.patience = patience;
    }

    /**
     * Returns what {@code computation} returns; empty if it had no turn.
     *
     * @param crowded whether it comes from where too many came from before, whose places are few, so that the others
     *     are free
     */
    Optional<Boolean> compute(boolean crowded, BooleanSupplier computation) {
        Semaphore mine = crowded ? crowdedPlaces : places;
        if (!mine.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return computeInTurn(computation);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            mine.release();
        }
    }

    private Optional<Boolean> computeInTurn(BooleanSupplier computation) throws InterruptedException {
        if (!computing.tryAcquire(patience.get().toNanos(), TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(computation.getAsBoolean());
        } finally {
            computing.release();
        }
    }
}
