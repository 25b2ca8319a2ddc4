package org.vivarium.adapter.boot;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.PythonException;
import org.vivarium.api.client.bridge.Bridge;

/** A stream as it crosses the {@link Bridge}: values, and the failure as the last element. As thread safe as it was. */
final class BridgeStream implements Iterator<Object>, AutoCloseable {
    private final PayloadStream chunks;
    private @Nullable Map<String, Object> failure;
    private boolean failed;

    BridgeStream(PayloadStream chunks) {
        this.chunks = chunks;
    }

    @Override
    public boolean hasNext() {
        if (failed) {
            return failure != null;
        }
        try {
            return chunks.hasNext();
        } catch (PythonException e) {
            failed = true;
            failure = e.details().toMap();
            return true;
        }
    }

    @Override
    public Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the program has ended");
        }
        Map<String, Object> last = failure;
        failure = null;
        return last == null ? Bridge.value(chunks.next()) : last;
    }

    @Override
    public void close() {
        chunks.close();
    }
}
