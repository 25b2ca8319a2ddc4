package org.vivarium.api.view.settings;

import java.time.Duration;

/**
 * What slows down guessing, and what of logins is remembered. Immutable.
 *
 * @param sessions login sessions, and how long one may be unused
 * @param verified passwords that were right
 * @param hashPatience how long a login waits while other passwords are hashed
 */
public record LoginLimits(Failures failures, Remembered sessions, Remembered verified, Duration hashPatience) {
    /**
     * How often logins may fail.
     *
     * @param period in which all tries are given back, one after the other
     * @param perAddress from one address
     * @param perName with one name
     * @param perPair with one name from one address, while a password is remembered as right
     */
    public record Failures(Duration period, int perAddress, int perName, int perPair) {}

    /** How many are remembered at most, and how long. */
    public record Remembered(int most, Duration time) {}
}
