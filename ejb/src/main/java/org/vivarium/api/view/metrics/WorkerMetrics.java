package org.vivarium.api.view.metrics;

/**
 * The calls of one worker.
 *
 * @param calls that ended since it is counted: a worker that had no call for 15 minutes starts again at 0
 * @param errors those of them that failed
 * @param window the last while
 */
public record WorkerMetrics(String worker, long calls, long errors, CallStats window) {}
