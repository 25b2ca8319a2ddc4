package org.vivarium.core.metrics;

import org.vivarium.api.event.CallEnded;

/**
 * How long calls took that ended since the service started. Immutable.
 *
 * @param waiting until each had a worker, or stopped waiting
 * @param execution in a worker, of the last attempt; of calls that had one
 * @param total from each call to its end
 */
public record CallLatencies(BucketCounts waiting, BucketCounts execution, BucketCounts total) {

    /** Counts calls. Not thread safe. */
    static final class Recorder {
        private final BucketCounts.Recorder waiting = new BucketCounts.Recorder();
        private final BucketCounts.Recorder execution = new BucketCounts.Recorder();
        private final BucketCounts.Recorder total = new BucketCounts.Recorder();

        void add(CallEnded call) {
            waiting.add(call.waitNanos());
            total.add(call.totalNanos());
            if (call.worker() != null) {
                execution.add(call.executionNanos());
            }
        }

        CallLatencies read() {
            return new CallLatencies(waiting.read(), execution.read(), total.read());
        }
    }
}
