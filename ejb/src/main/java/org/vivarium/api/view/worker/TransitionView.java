package org.vivarium.api.view.worker;

import java.time.Instant;
import org.vivarium.api.WorkerState;

/**
 * One change of state of a worker.
 *
 * @param millisInFrom time spent in {@code from}, by a monotonic clock
 * @param detail what else is known, such as an exit status; empty if nothing
 */
public record TransitionView(
        WorkerState from, WorkerState to, String reason, double millisInFrom, Instant at, String detail) {}
