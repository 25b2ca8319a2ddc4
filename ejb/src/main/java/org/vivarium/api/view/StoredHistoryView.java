package org.vivarium.api.view;

/**
 * How the history that outlives the process is doing.
 *
 * @param problem why nothing can be written or read now, in one sentence; empty if it can
 * @param waiting rows that wait to be written
 * @param written rows that were written since the service started
 * @param lost rows that were lost because too many waited, or the service ended
 * @param failures how often the database failed
 */
public record StoredHistoryView(String problem, int waiting, long written, long lost, long failures) {
    /** What there is if nothing is stored. */
    public static final StoredHistoryView NONE =
            new StoredHistoryView("it is switched off: vivarium.database.enabled = false", 0, 0, 0, 0);
}
