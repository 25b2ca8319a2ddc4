package org.vivarium.core.changes;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.Actor;

/**
 * One change that somebody asked for. Immutable; built by {@link #of} and what follows it.
 *
 * @param actor who asked, through which door
 * @param kind what was asked for, such as {@code configure} or {@code resize}
 * @param pool {@code null} if it is about the whole service
 * @param type what {@code subject} is, such as {@code parameter} or {@code worker}; {@code null} without a subject
 * @param subject the name of what is changed; {@code null} if that is the pool or the service itself
 * @param before the old value: text, a number, a boolean, or {@code null} if there is none to tell
 * @param after the new value, likewise
 * @param reason why, in the words of who asked; {@code null} if nothing was said
 */
public record Change(
        Actor actor,
        String kind,
        @Nullable String pool,
        @Nullable String type,
        @Nullable String subject,
        @Nullable Object before,
        @Nullable Object after,
        @Nullable String reason) {
    /** Stands for values that nobody may read. */
    public static final String SECRET = "(secret)";

    private static final int LONGEST_TEXT = 1_000;

    public Change {
        subject = subject == null ? null : cut(subject);
        reason = reason == null ? null : cut(reason);
        before = plain(before);
        after = plain(after);
    }

    /** Returns a change of a pool as a whole, or of the service if {@code pool} is {@code null}. */
    public static Change of(Actor actor, String kind, @Nullable String pool) {
        return new Change(actor, kind, pool, null, null, null, null, actor.reason());
    }

    /** Returns the same about one thing of that pool. */
    public Change about(String type, String subject) {
        return new Change(actor, kind, pool, type, subject, before, after, reason);
    }

    /** Returns the same with what was and what is to be. */
    public Change from(@Nullable Object before, @Nullable Object after) {
        return new Change(actor, kind, pool, type, subject, before, after, reason);
    }

    /** Returns the same with the reason that was given. */
    public Change because(@Nullable String reason) {
        return new Change(actor, kind, pool, type, subject, before, after, reason);
    }

    /** Returns the same without values, for what is a secret; whether there are any can still be seen. */
    public Change hidden() {
        return from(before == null ? null : SECRET, after == null ? null : SECRET);
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Double number && !Double.isFinite(number)) {
            return number.toString(); // JSON has no such numbers
        }
        return value == null || value instanceof Number || value instanceof Boolean ? value : cut(value.toString());
    }

    /** Nobody may fill the disk with one refused value. */
    static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
    }
}
