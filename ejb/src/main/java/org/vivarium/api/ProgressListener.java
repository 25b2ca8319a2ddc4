package org.vivarium.api;

/** Hears how far a call is, as its program tells with {@code context.progress}. */
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
