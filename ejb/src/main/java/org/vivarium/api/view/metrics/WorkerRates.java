package org.vivarium.api.view.metrics;

/**
 * What the workers of a pool did in a window.
 *
 * @param readyMillis time of all workers in READY in the window, by the stays in it that ended there; NaN if none did
 * @param busyMillis likewise in BUSY
 * @param sentBytesPerSecond bytes of the frames of calls that were sent to workers, by the seconds
 * @param receivedBytesPerSecond bytes of the frames of calls that workers have sent, by the seconds
 */
public record WorkerRates(
        double readyMillis, double busyMillis, double sentBytesPerSecond, double receivedBytesPerSecond) {}
