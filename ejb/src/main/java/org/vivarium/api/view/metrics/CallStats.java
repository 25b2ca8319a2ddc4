package org.vivarium.api.view.metrics;

import org.vivarium.api.OneOf;

/**
 * The calls that ended in a window: of a pool, a worker or a program.
 *
 * @param window {@code 1m}, {@code 5m} or {@code 15m}
 * @param seconds what the window really covers: up to 5 s less than its name says, and no more than the service is old
 * @param samples calls that ended
 * @param errorRate of these, the part that failed; NaN without calls. A call that was cancelled has not failed
 * @param utilization busy slot time by slot time, calls in progress included, so that a worker with 8 slots and one
 *     call is at 0.125; NaN for a program, and without a worker that serves
 * @param waiting from the call to the moment it had a worker, or gave up
 * @param execution of calls that had a worker, in the last try
 * @param total from the call to its end: all attempts, and the pauses between them
 * @param timedOut calls that failed because a deadline passed; they are errors
 * @param cancelled calls that their caller or an operator ended; no errors
 * @param interrupted calls whose waiting thread was interrupted; no errors
 */
public record CallStats(
        @OneOf({"1m", "5m", "15m"}) String window,
        double seconds,
        long samples,
        double throughputPerSecond,
        double errorRate,
        double utilization,
        LatencyView waiting,
        LatencyView execution,
        LatencyView total,
        long timedOut,
        long cancelled,
        long interrupted) {
    /** Stats without calls that ended before their time. */
    public CallStats(
            String window,
            double seconds,
            long samples,
            double throughputPerSecond,
            double errorRate,
            double utilization,
            LatencyView waiting,
            LatencyView execution,
            LatencyView total) {
        this(window, seconds, samples, throughputPerSecond, errorRate, utilization, waiting, execution, total, 0, 0, 0);
    }
}
