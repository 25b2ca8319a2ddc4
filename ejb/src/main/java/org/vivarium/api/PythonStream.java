package org.vivarium.api;

import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

/**
 * What a program yields, as it comes, read as objects of {@code T}. Must be closed.
 *
 * <p>Nothing is read ahead: a consumer that is slow makes the program wait. For one thread at a time, and consumed in
 * one way only: as an iterator, by {@link #stream()} or by {@link #publisher}; {@link #close} may be called from any
 * thread.
 */
public interface PythonStream<T> extends Iterator<T>, AutoCloseable {

    /**
     * Waits for the next chunk.
     *
     * @return {@code false} if the program has ended
     * @throws PythonException if the call failed, or its deadline has passed, or it was cancelled, or what the program
     *     yielded cannot be read as {@code T}
     */
    @Override
    boolean hasNext();

    /** Returns the chunks as a sequential stream, which closes this one when it is closed, and only then. */
    Stream<T> stream();

    /**
     * Returns the chunks for one subscriber; a second one is refused with an {@link IllegalStateException}.
     *
     * <p>A chunk is read only when it was requested, so the end of the program is noticed by a request as well.
     * Cancelling the subscription closes this stream. Failures arrive by {@code onError}.
     *
     * @param executor its threads wait for the chunks and run the subscriber, one at a time
     */
    Flow.Publisher<T> publisher(Executor executor);

    /** Ends the stream; a program that still runs is cancelled, which takes at most 1 s. Idempotent. */
    @Override
    void close();
}
