package org.vivarium.core.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Map;
import org.vivarium.api.CallContext;

/**
 * What a CALL carries; docs/PROTOCOL.md, section 5.
 *
 * @param program UTF-8 name
 * @param context as {@link #context} makes it
 * @param state of the session, as a worker saved it; empty for none
 * @param inputs a JSON object, or empty; never copied
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record CallFrame(byte[] program, byte[] context, byte[] state, byte[] inputs) {
    /** Size of the fixed part of the body, in bytes. */
    static final int FIXED = 10;

    private static final byte[] NOTHING = {};

    /** A call without the state of a session. */
    public CallFrame(byte[] program, byte[] context, byte[] inputs) {
        this(program, context, NOTHING, inputs);
    }

    /** Returns the same call with the state of its session. */
    public CallFrame withState(byte[] state) {
        return new CallFrame(program, context, state, inputs);
    }

    /** Returns the bytes of everything before the inputs, header included. */
    public int headSize() {
        return Header.SIZE + FIXED + program.length + context.length + stateSize();
    }

    /** Returns the value of {@code length}, to be held against the limit; as a long, for it may not fit an int. */
    public long length() {
        return (long) headSize() - Integer.BYTES + inputs.length;
    }

    private int stateSize() {
        return state.length == 0 ? 0 : Integer.BYTES + state.length;
    }

    /**
     * Appends header, fixed part, program, context and state; the inputs follow.
     *
     * @param timeoutMillis time left; 0 = none; values beyond 32 bits are cut to the largest
     */
    public void putHead(ByteBuffer out, long id, long timeoutMillis) {
        int flags = state.length == 0 ? 0 : FrameType.WITH_STATE;
        Header.put(out, FrameType.CALL_PROGRAM, flags, id, headSize() - Header.SIZE + inputs.length);
        out.putInt((int) Math.min(timeoutMillis, 0xffff_ffffL));
        out.putShort((short) program.length);
        out.putInt(context.length);
        out.put(program).put(context);
        if (state.length > 0) {
            out.putInt(state.length).put(state);
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
