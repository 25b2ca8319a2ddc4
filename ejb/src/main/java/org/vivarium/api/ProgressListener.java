package org.vivarium.api;

/** Receives the progress of a call, as its program reports it by {@code context.progress}. */
@FunctionalInterface
public interface ProgressListener {

    /**
     * Called in the thread that waits for the call, between 0 and 50 times a second; whatever it throws is logged and
     * changes nothing for the call.
     *
     * @param fraction from 0 to 1
     * @param message empty if the program gave none
     */
    void progress(double fraction, String message);
}
