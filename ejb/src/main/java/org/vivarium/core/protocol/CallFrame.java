package org.vivarium.core.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.vivarium.api.CallContext;
import org.vivarium.api.Payload;

/**
 * What a CALL carries; docs/PROTOCOL.md, section 5.
 *
 * @param program UTF-8 name
 * @param context as {@link #context} makes it
 * @param state of the session, as a worker saved it; empty for none
 * @param inputs a JSON object, or empty, with attachments; never copied
 * @param welcome which frames may come before the final one: bits of {@link Flags}
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record CallFrame(byte[] program, byte[] context, byte[] state, Payload inputs, int welcome) {
    /** Size of the fixed part of the body, in bytes. */
    static final int FIXED = 10;

    /** Most attachments that a frame can have. */
    public static final int MOST_ATTACHMENTS = 0xffff;

    private static final byte[] NOTHING = {};

    /** A call without the state of a session, of which only the result is wanted. */
    public CallFrame(byte[] program, byte[] context, Payload inputs) {
        this(program, context, NOTHING, inputs, 0);
    }

    /** Returns the same call with the state of its session. */
    public CallFrame withState(byte[] state) {
        return new CallFrame(program, context, state, inputs, welcome);
    }

    /** Returns the same call with other frames being welcome. */
    public CallFrame withWelcome(int welcome) {
        return new CallFrame(program, context, state, inputs, welcome);
    }

    /** Returns the bytes of everything before the inputs, header included. */
    public int headSize() {
        return Header.SIZE + FIXED + program.length + context.length + stateSize() + tableSize();
    }

    /** Returns how many bytes all attachments have together. */
    public long attachedBytes() {
        if (attachments().isEmpty()) { // an iterator of nothing is garbage, too
            return 0;
        }
        long bytes = 0;
        for (byte[] attachment : attachments()) {
            bytes += attachment.length;
        }
        return bytes;
    }

    /**
     * Returns the value of {@code length}, to be held against the limit; as a long, for it may not fit an int.
     *
     * @param inMemory whether the attachments are not in the frame
     */
    public long length(boolean inMemory) {
        return (long) headSize() - Integer.BYTES + inputs.json().length + (inMemory ? 0 : attachedBytes());
    }

    /** Returns the attachments. */
    public List<byte[]> attachments() {
        return inputs.attachments();
    }

    private int stateSize() {
        return state.length == 0 ? 0 : Integer.BYTES + state.length;
    }

    private int tableSize() {
        return attachments().isEmpty()
                ? 0
                : 2 * Integer.BYTES + Long.BYTES * attachments().size();
    }

    /**
     * Appends header, fixed part, program, context, state and the table of attachments; JSON and, unless they are in
     * memory, attachments follow.
     *
     * @param timeoutMillis time left; 0 = none; values beyond 32 bits are cut to the largest
     */
    public void putHead(ByteBuffer out, long id, long timeoutMillis, boolean inMemory) {
        int flags = welcome | (state.length == 0 ? 0 : Flags.STATE);
        if (!attachments().isEmpty()) {
            flags |= inMemory ? Flags.IN_MEMORY : Flags.ATTACHED;
        }
        int length = (int) length(inMemory) + Integer.BYTES - Header.SIZE;
        Header.put(out, FrameType.CALL_PROGRAM, flags, id, length);
        out.putInt((int) Math.min(timeoutMillis, 0xffff_ffffL));
        out.putShort((short) program.length);
        out.putInt(context.length);
        out.put(program).put(context);
        if (state.length > 0) {
            out.putInt(state.length).put(state);
        }
        if (!attachments().isEmpty()) {
            out.putInt(inputs.json().length).putInt(attachments().size());
            attachments().forEach(attachment -> out.putLong(attachment.length));
        }
    }

    /** Returns the context as it travels; empty if nothing is known. */
    public static byte[] context(CallContext context) {
        return context.equals(CallContext.NONE) ? NOTHING : json(context.toMap());
    }

    private static byte[] json(Map<String, String> fields) {
        if (fields.isEmpty()) {
            return NOTHING;
        }
        StringBuilder json = new StringBuilder(96);
        fields.forEach((name, value) -> json.append(json.isEmpty() ? '{' : ',')
                .append('"')
                .append(name)
                .append("\":")
                .append(Json.quote(value)));
        return json.append('}').toString().getBytes(UTF_8);
    }
}
