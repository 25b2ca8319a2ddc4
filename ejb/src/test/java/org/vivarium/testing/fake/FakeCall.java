package org.vivarium.testing.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.IntConsumer;
import org.vivarium.core.protocol.Flags;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.Json;

/** One call as its worker sees it. Thread safe. */
public final class FakeCall {
    private final FakeSlot slot;
    private final long id;
    private final int flags;
    private final int timeoutMillis;
    private final String program;
    private final String context;
    private final String state;
    private final String inputs;
    private IntConsumer whenCancelled = level -> {};
    private int cancelLevel;

    /** Reads the body of a CALL. */
    FakeCall(FakeSlot slot, long id, int flags, ByteBuffer body) {
        if ((flags & (Flags.ATTACHED | Flags.IN_MEMORY)) != 0) {
            throw new IllegalArgumentException("attachments are for real workers");
        }
        this.slot = slot;
        this.id = id;
        this.flags = flags;
        this.timeoutMillis = body.getInt();
        int programLength = body.getShort() & 0xffff;
        int contextLength = body.getInt();
        this.program = text(body, programLength);
        this.context = text(body, contextLength);
        this.state = (flags & Flags.STATE) == 0 ? "" : text(body, body.getInt());
        this.inputs = text(body, body.remaining());
    }

    private static String text(ByteBuffer from, int length) {
        byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, UTF_8);
    }

    long id() {
        return id;
    }

    /** Returns the worker that has the call. */
    public FakeWorker worker() {
        return slot.worker();
    }

    /** Returns the name of the program. */
    public String program() {
        return program;
    }

    /** Returns the inputs, as JSON. */
    public String inputs() {
        return inputs;
    }

    /** Returns the context, as JSON; empty if there is none. */
    public String context() {
        return context;
    }

    /** Returns what came along of the session; empty if nothing did. */
    public String state() {
        return state;
    }

    /** Returns the time left, as the worker was told. */
    public int timeoutMillis() {
        return timeoutMillis;
    }

    /** Returns whether the caller would take chunks. */
    public boolean isStream() {
        return (flags & Flags.CHUNKS_WELCOME) != 0;
    }

    /** Ends the call with a result. */
    public void result(String json) {
        slot.send(FrameType.RESULT, 0, id, json.getBytes(UTF_8));
    }

    /** Ends the call with a result and a new state of its session. */
    public void result(String json, String newState) {
        byte[] saved = newState.getBytes(UTF_8);
        byte[] value = json.getBytes(UTF_8);
        ByteBuffer body = ByteBuffer.allocate(Integer.BYTES + saved.length + value.length);
        body.putInt(saved.length).put(saved).put(value);
        slot.send(FrameType.RESULT, Flags.STATE, id, body.array());
    }

    /** Ends the call with an error of a category and a type. */
    public void error(String category, String type, String message) {
        error(Map.of("category", category, "type", type, "message", message));
    }

    /** Ends the call with an error whose body says {@code fields}. */
    public void error(Map<String, ?> fields) {
        slot.send(FrameType.ERROR, 0, id, Json.write(fields));
    }

    /** Yields one value. */
    public void chunk(String json) {
        slot.send(FrameType.CHUNK, 0, id, json.getBytes(UTF_8));
    }

    /** Tells how far the call is. */
    public void progress(double fraction, String message) {
        slot.send(FrameType.PROGRESS, 0, id, Json.write(Map.of("fraction", fraction, "message", message)));
    }

    /** Answers with what the protocol does not allow: the id of another call. */
    public void breakProtocol() {
        slot.send(FrameType.RESULT, 0, id + 1, "null".getBytes(UTF_8));
    }

    /** Has {@code listener} hear each level at which the call is cancelled, also if that was before. */
    public void whenCancelled(IntConsumer listener) {
        int level;
        synchronized (this) {
            whenCancelled = listener;
            level = cancelLevel;
        }
        if (level > 0) {
            listener.accept(level);
        }
    }

    void cancelled(int level) {
        IntConsumer listener;
        synchronized (this) {
            cancelLevel = level;
            listener = whenCancelled;
        }
        listener.accept(level);
    }

    /** Returns how urgently the call is cancelled: 0 = not, 1 = it may notice, 2 = it is made to notice. */
    public synchronized int cancelLevel() {
        return cancelLevel;
    }

    @Override
    public String toString() {
        return program + ' ' + inputs;
    }
}
