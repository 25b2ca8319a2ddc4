package org.vivarium.api.view.changes;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.OneOf;

/**
 * One record of the change log.
 *
 * @param sequence 1 for the first record, then one more for each
 * @param actor who asked for it
 * @param door through which interface: {@code rest}, {@code jmx}, {@code java}, {@code file} or {@code service}
 * @param address from where, if that is known
 * @param kind what was asked for, such as {@code configure}
 * @param pool {@code null} if it is about the whole service
 * @param type what {@code subject} is, such as {@code parameter} or {@code worker}
 * @param oldValue text, a number, a boolean, or {@code null} if there is none to tell
 * @param newValue likewise
 * @param message why it was refused
 * @param hash SHA-256 over the line without its own hash
 */
public record ChangeView(
        long sequence,
        Instant time,
        String actor,
        String door,
        @Nullable String address,
        String kind,
        @Nullable String pool,
        @Nullable String type,
        @Nullable String subject,
        @Nullable Object oldValue,
        @Nullable Object newValue,
        @Nullable String reason,

        @OneOf({"done", "refused"}) String outcome,

        @Nullable String message,
        String hash) {}
