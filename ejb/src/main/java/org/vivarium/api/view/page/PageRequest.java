package org.vivarium.api.view.page;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for.
 *
 * @param after what the page before gave as {@link Page#next}; {@code null} for the first page
 * @param limit most items of the page, from 1 to {@value #MOST}
 */
public record PageRequest(@Nullable String after, int limit) {
    /** Items of a page of which nobody says how long it is to be. */
    public static final int STANDARD = 100;

    /** Most items of a page. */
    public static final int MOST = 1_000;

    /** The first page, of the standard length. */
    public static final PageRequest FIRST = new PageRequest(null, STANDARD);

    /** The first page, as long as may be. */
    public static final PageRequest LONGEST = new PageRequest(null, MOST);

    /**
     * Checks the limit.
     *
     * @throws IllegalArgumentException if it is out of range; one sentence says what is allowed
     */
    public PageRequest {
        if (limit < 1 || limit > MOST) {
            throw refused(Integer.toString(limit), null);
        }
    }

    /**
     * Returns what the parameters of a request say; {@code null} or nothing stands for the first page and for
     * {@value #STANDARD} items.
     *
     * @throws IllegalArgumentException if {@code limit} is no whole number from 1 to {@value #MOST}
     */
    public static PageRequest parse(@Nullable String after, @Nullable String limit) {
        String cursor = after == null || after.isBlank() ? null : after.strip();
        if (limit == null || limit.isBlank()) {
            return new PageRequest(cursor, STANDARD);
        }
        try {
            return new PageRequest(cursor, Integer.parseInt(limit.strip()));
        } catch (NumberFormatException e) {
            throw refused("the text \"" + limit + '"', e);
        }
    }

    private static IllegalArgumentException refused(String limit, @Nullable Throwable cause) {
        return new IllegalArgumentException("limit must be a whole number from 1 to " + MOST + ", was " + limit, cause);
    }

    /** Returns the refusal of a cursor that no page has given. */
    public static IllegalArgumentException unknownCursor(String after) {
        return new IllegalArgumentException(
                "after must be the value of next of an earlier page, was the text \"" + after + '"');
    }
}
