package org.vivarium.web.http;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The whole body of a request, and the room that it has in memory: whoever got it closes it when it is not needed any
 * more, once or several times, from any thread.
 */
public final class ReceivedBody implements AutoCloseable {
    private final byte[] bytes;
    private final BodyRoom room;
    private final AtomicBoolean closed = new AtomicBoolean();

    ReceivedBody(byte[] bytes, BodyRoom room) {
        this.bytes = bytes;
        this.room = room;
    }

    /** Returns the bytes, which must not be changed. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            room.close();
        }
    }
}
