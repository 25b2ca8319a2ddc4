package org.vivarium.api.view;

import java.time.Instant;

/**
 * A program that is isolated because it killed workers: one worker at a time runs it.
 *
 * @param since when it was isolated
 * @param kills workers that it has killed within the window of isolation
 * @param lastKill when it killed the last one
 * @param waiting calls of isolated programs that wait for their turn; the same for all programs of a pool
 */
public record IsolationView(String program, Instant since, int kills, Instant lastKill, int waiting) {}
