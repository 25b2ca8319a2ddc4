package org.vivarium.core.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Map;
import org.vivarium.api.CallContext;

/** The fixed part of a CALL body; docs/PROTOCOL.md, section 5. Static, because it is on the hot path. */
public final class CallFrame {
    /** Size of the fixed part, in bytes. */
    public static final int FIXED = 10;

    private static final byte[] NO_CONTEXT = {};

    private CallFrame() {}

    /**
     * Appends header, fixed part, program and context of a call; the inputs follow.
     *
     * @param timeoutMillis time left; 0 = none; values beyond 32 bits are cut to the largest
     */
    public static void putHead(
            ByteBuffer out, long id, long timeoutMillis, byte[] program, byte[] context, int inputsLength) {
        Header.put(out, FrameType.CALL_PROGRAM, id, FIXED + program.length + context.length + inputsLength);
        out.putInt((int) Math.min(timeoutMillis, 0xffff_ffffL));
        out.putShort((short) program.length);
        out.putInt(context.length);
        out.put(program).put(context);
    }

    /** Returns the context as it travels; empty if nothing is known. */
    public static byte[] context(CallContext context) {
        return context == CallContext.NONE ? NO_CONTEXT : json(context.toMap());
    }

    private static byte[] json(Map<String, String> fields) {
        if (fields.isEmpty()) {
            return NO_CONTEXT;
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
