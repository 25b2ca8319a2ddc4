package org.vivarium.core.process.channel;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.Payload;
import org.vivarium.core.protocol.FrameType;

/**
 * One frame that answers a call.
 *
 * @param type RESULT, ERROR, CHUNK or PROGRESS
 * @param payload its JSON, with attachments
 * @param state of the session that came with a RESULT; {@code null} if it has not changed
 * @param leftBehind whether a cancelled call has left threads or processes behind
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record Reply(FrameType type, Payload payload, byte @Nullable [] state, boolean leftBehind) {

    /** Returns about how many bytes the worker has sent for it: its JSON, attachments and state of its session. */
    public long bytes() {
        long bytes = (long) payload.json().length + (state == null ? 0 : state.length);
        if (!payload.attachments().isEmpty()) { // an iterator of nothing is garbage, too
            for (byte[] attachment : payload.attachments()) {
                bytes += attachment.length;
            }
        }
        return bytes;
    }

    /** Returns whether it is the last frame of its call. */
    public boolean endsCall() {
        return type.endsCall();
    }

    /** Returns whether the call has failed. */
    public boolean isError() {
        return type == FrameType.ERROR;
    }
}
