package org.vivarium.core.protocol;

import java.nio.ByteBuffer;

/** The 16 bytes before every body; static, because the hot path reads them in place. */
public final class Header {
    /** Size of a header, in bytes. */
    public static final int SIZE = 16;

    /** Largest value of {@code length} on every channel but CALL. */
    public static final int CONTROL_LIMIT = 1 << 20;

    /** How much of the header {@code length} counts: all but itself. */
    private static final int COUNTED = SIZE - Integer.BYTES;

    private Header() {}

    /** Appends the header of a frame without flags and with a body of {@code bodyLength} bytes. */
    public static void put(ByteBuffer out, FrameType type, long id, int bodyLength) {
        put(out, type, 0, id, bodyLength);
    }

    /** Appends the header of a frame with a body of {@code bodyLength} bytes. */
    static void put(ByteBuffer out, FrameType type, int flags, long id, int bodyLength) {
        out.putInt(COUNTED + bodyLength)
                .put(type.code())
                .put((byte) flags)
                .putShort((short) 0)
                .putLong(id);
    }

    /**
     * Returns the length of the body of the frame whose header begins at {@code at}, and checks it and the reserved
     * bytes.
     */
    public static int bodyLength(ByteBuffer in, int at, int limit) throws ProtocolException {
        int length = in.getInt(at);
        if (length < COUNTED || length > limit) {
            throw new ProtocolException("frame length %d is not between %d and %d"
                    .formatted(Integer.toUnsignedLong(length), COUNTED, limit));
        }
        if (in.getShort(at + 6) != 0) {
            throw new ProtocolException("reserved bytes are not 0");
        }
        return length - COUNTED;
    }

    /**
     * Returns the type of the frame whose header begins at {@code at}, if Python may send it, with its flags, on
     * {@code channel}.
     */
    public static FrameType type(ByteBuffer in, int at, Channel channel) throws ProtocolException {
        FrameType type = FrameType.of(in.get(at + 4));
        if (!type.mayArriveOn(channel)) {
            throw new ProtocolException(type + " may not arrive on a " + channel.code() + " channel");
        }
        int flags = in.get(at + 5) & 0xff;
        if ((flags & ~type.flags()) != 0) {
            throw new ProtocolException("undefined flags 0x%02x of %s".formatted(flags, type));
        }
        if (Flags.has(flags, Flags.ATTACHED) && Flags.has(flags, Flags.IN_MEMORY)) {
            throw new ProtocolException("attachments of %s both in the frame and in memory".formatted(type));
        }
        return type;
    }

    /** Returns the flags of the frame whose header begins at {@code at}; {@link #type} has checked them. */
    public static int flags(ByteBuffer in, int at) {
        return in.get(at + 5) & 0xff;
    }

    /** Returns the id of the frame whose header begins at {@code at}. */
    public static long id(ByteBuffer in, int at) {
        return in.getLong(at + 8);
    }
}
