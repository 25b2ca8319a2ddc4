package org.vivarium.api;

import java.util.Iterator;

/**
 * What a program yields, as it comes. Must be closed.
 *
 * <p>Nothing is read ahead: a consumer that is slow makes the program wait. For one thread at a time; only
 * {@link #close} may be called from another one.
 */
public interface PayloadStream extends Iterator<Payload>, AutoCloseable {

    /**
     * Waits for the next chunk.
     *
     * @return {@code false} if the program has ended
     * @throws org.vivarium.api.PythonException if the call failed, or its deadline has passed, or it was cancelled
     */
    @Override
    boolean hasNext();

    /** Ends the stream; a program that still runs is cancelled, which takes at most 1 s. Idempotent. */
    @Override
    void close();
}
