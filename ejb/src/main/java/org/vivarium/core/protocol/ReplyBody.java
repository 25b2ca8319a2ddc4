package org.vivarium.core.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a RESULT or CHUNK with flags, taken apart; docs/PROTOCOL.md, section 5.
 *
 * @param state of the session; {@code null} if it has not changed
 * @param attached the attachments that are in the frame
 * @param inMemory the sizes of those that are in the memory of the slot
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record ReplyBody(byte @Nullable [] state, byte[] json, List<byte[]> attached, List<Long> inMemory) {

    /** Takes {@code body} apart as {@code flags} say. */
    public static ReplyBody of(int flags, byte[] body) throws ProtocolException {
        ByteBuffer rest = ByteBuffer.wrap(body);
        byte[] state = Flags.has(flags, Flags.STATE) ? bytes(rest, size(rest, "state"), "state") : null;
        boolean attached = Flags.has(flags, Flags.ATTACHED);
        if (!attached && !Flags.has(flags, Flags.IN_MEMORY)) {
            return new ReplyBody(state, json(rest, rest.remaining()), List.of(), List.of());
        }
        long jsonLength = size(rest, "JSON");
        List<Long> sizes = sizes(rest);
        byte[] json = json(rest, jsonLength);
        return attached
                ? new ReplyBody(state, json, cut(rest, sizes), List.of())
                : new ReplyBody(state, json, List.of(), atEnd(rest, sizes));
    }

    private static List<Long> sizes(ByteBuffer rest) throws ProtocolException {
        long count = size(rest, "attachments");
        if (count < 1 || count > CallFrame.MOST_ATTACHMENTS || count * Long.BYTES > rest.remaining()) {
            throw new ProtocolException("a table of %d attachments in %d bytes".formatted(count, rest.remaining()));
        }
        List<Long> sizes = new ArrayList<>((int) count);
        for (int i = 0; i < count; i++) {
            long size = rest.getLong();
            if (size < 0 || size > Integer.MAX_VALUE - 8) {
                throw new ProtocolException(
                        "an attachment of %s bytes, more than an array has".formatted(Long.toUnsignedString(size)));
            }
            sizes.add(size);
        }
        return sizes;
    }

    private static List<byte[]> cut(ByteBuffer rest, List<Long> sizes) throws ProtocolException {
        List<byte[]> attachments = new ArrayList<>(sizes.size());
        for (long size : sizes) {
            attachments.add(bytes(rest, size, "attachment"));
        }
        atEnd(rest, sizes);
        return attachments;
    }

    private static List<Long> atEnd(ByteBuffer rest, List<Long> sizes) throws ProtocolException {
        if (rest.hasRemaining()) {
            throw new ProtocolException("%d bytes after the last attachment".formatted(rest.remaining()));
        }
        return sizes;
    }

    private static byte[] json(ByteBuffer rest, long length) throws ProtocolException {
        if (length < 1) {
            throw new ProtocolException("a reply without JSON");
        }
        return bytes(rest, length, "JSON");
    }

    private static long size(ByteBuffer rest, String what) throws ProtocolException {
        if (rest.remaining() < Integer.BYTES) {
            throw new ProtocolException(
                    "a reply of %d bytes ends before the size of its %s".formatted(rest.capacity(), what));
        }
        return Integer.toUnsignedLong(rest.getInt());
    }

    private static byte[] bytes(ByteBuffer rest, long length, String what) throws ProtocolException {
        if (length > rest.remaining()) {
            throw new ProtocolException(
                    "a reply of %d bytes whose %s takes %d".formatted(rest.capacity(), what, length));
        }
        byte[] bytes = new byte[(int) length];
        rest.get(bytes);
        return bytes;
    }
}
