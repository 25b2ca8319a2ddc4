package org.vivarium.core.changes;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the change log.
 *
 * @param sequence 1 for the first record, then one more for each
 * @param time when it was recorded, in whole milliseconds
 * @param refusal the sentence with which the change was refused; {@code null} if it was made
 * @param previous the hash of the record before it; zeros for the first
 * @param hash SHA-256 over the line without its own hash, in hexadecimal digits
 */
public record ChangeRecord(
        long sequence,
        Instant time,
        Change change,
        @Nullable String refusal,
        String previous,
        String hash) {
    /** The outcome of a change that was made. */
    public static final String DONE = "done";

    /** The outcome of one that was not. */
    public static final String REFUSED = "refused";

    /** Returns {@value #DONE} or {@value #REFUSED}. */
    public String outcome() {
        return refusal == null ? DONE : REFUSED;
    }
}
