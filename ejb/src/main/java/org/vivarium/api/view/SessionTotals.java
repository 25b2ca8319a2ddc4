package org.vivarium.api.view;

/**
 * The sessions of a pool, counted.
 *
 * @param sessions how many there are
 * @param bound those of them that are bound to a live worker
 * @param waiting calls that wait for their turn in a session
 * @param hits calls that ran in the worker that their session is bound to
 * @param misses calls that ran in another worker, because that one was busy
 * @param rebinds how often a session was bound anew, because its worker had gone
 * @param expired sessions that were forgotten because nobody used them
 * @param refused calls that were refused because their session would have been one too many, by {@code limit} or by
 *     {@code budgetBytes}
 * @param stateBytes what their programs have saved, together
 * @param budgetBytes how large {@code stateBytes} may be before a call that needs a new session is refused; existing
 *     sessions may still grow
 * @param limit most sessions at a time
 */
public record SessionTotals(
        int sessions,
        int bound,
        int waiting,
        long hits,
        long misses,
        long rebinds,
        long expired,
        long refused,
        long stateBytes,
        long budgetBytes,
        int limit) {
    /** Returns hits ÷ (hits + misses); NaN before the first of them. The first call of a session is neither. */
    public double affinityHitRate() {
        return hits + misses == 0 ? Double.NaN : (double) hits / (hits + misses);
    }
}
