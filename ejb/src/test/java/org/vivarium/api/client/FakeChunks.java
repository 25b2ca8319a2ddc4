package org.vivarium.api.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** What the service answers to a stream: chunks that are ready, counted when they are taken. */
final class FakeChunks implements Iterator<Object>, AutoCloseable {
    final Deque<Object> waiting = new ArrayDeque<>();
    int taken;
    int closed;

    FakeChunks(Object... chunks) {
        for (Object chunk : chunks) {
            waiting.add(chunk instanceof String json ? json.getBytes(UTF_8) : chunk);
        }
    }

    /** Returns the numbers from 0, {@code amount} of them. */
    static FakeChunks numbers(int amount) {
        FakeChunks chunks = new FakeChunks();
        for (int i = 0; i < amount; i++) {
            chunks.waiting.addAll(List.of(Integer.toString(i).getBytes(UTF_8)));
        }
        return chunks;
    }

    @Override
    public boolean hasNext() {
        return !waiting.isEmpty();
    }

    @Override
    public Object next() {
        taken++;
        return waiting.remove();
    }

    @Override
    public void close() {
        closed++;
    }
}
