package org.vivarium.core.history;

/**
 * How history is doing.
 *
 * @param problem why nothing can be written or read now; empty if it can
 * @param waiting rows that wait to be written
 * @param written rows that were written
 * @param dropped rows that were lost because too many waited
 * @param failures how often writing failed
 */
public record HistoryStatus(String problem, int waiting, long written, long dropped, long failures) {}
