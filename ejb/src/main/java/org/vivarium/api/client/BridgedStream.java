package org.vivarium.api.client;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.PythonException;
import org.vivarium.api.PythonStream;
import org.vivarium.api.client.bridge.Bridge;

/** Reads what comes through the {@link Bridge} one by one. As thread safe as its contract asks for. */
final class BridgedStream<T> implements PythonStream<T> {
    private final Iterator<?> chunks;
    private final ErrorContext at;
    private final Function<Object, T> decode;
    private @Nullable Object waitedFor;
    private @Nullable PythonException failure;

    /** Takes what the service answered: an iterator that can be closed. */
    BridgedStream(Object answer, ErrorContext at, Function<Object, T> decode) {
        if (!(answer instanceof Iterator<?> iterator)) {
            throw Failures.answered(answer);
        }
        this.chunks = iterator;
        this.at = at;
        this.decode = decode;
    }

    @Override
    public boolean hasNext() {
        if (failure != null) {
            throw failure;
        }
        if (waitedFor == null && !take()) {
            return false;
        }
        if (waitedFor instanceof java.util.Map<?, ?> failed) {
            waitedFor = null;
            failure = Failures.answered(failed);
            throw failure;
        }
        return true;
    }

    private boolean take() {
        try {
            if (!chunks.hasNext()) {
                return false;
            }
            waitedFor = chunks.next();
            return true;
        } catch (PythonException e) { // of our own class loader: the service and the caller share one
            throw e;
        } catch (RuntimeException e) {
            throw Failures.unexpected(at, e);
        }
    }

    @Override
    public T next() {
        Object chunk = hasNext() ? waitedFor : null;
        if (chunk == null) {
            throw new NoSuchElementException("program " + at.program() + " has ended");
        }
        waitedFor = null;
        return decode.apply(chunk);
    }

    @Override
    public Stream<T> stream() {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED), false)
                .onClose(this::close);
    }

    @Override
    public Flow.Publisher<T> publisher(Executor executor) {
        return new StreamPublisher<>(this, executor);
    }

    @Override
    public void close() {
        try {
            ((AutoCloseable) chunks).close();
        } catch (PythonException e) { // as above
            throw e;
        } catch (Exception e) { // the contract of the bridge has none
            throw Failures.unexpected(at, e);
        }
    }
}
