package org.vivarium.core.protocol;

import static org.vivarium.core.protocol.Channel.CALL;
import static org.vivarium.core.protocol.Channel.GUARDIAN;
import static org.vivarium.core.protocol.Channel.SERVER;
import static org.vivarium.core.protocol.Channel.SIDE;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The kinds of frames: code, who sends them, on which channels. The table of docs/PROTOCOL.md, section 4. */
@SuppressWarnings("ImmutableEnumChecker") // the sets are never changed
public enum FrameType {
    HELLO(0x01, true, EnumSet.allOf(Channel.class)),
    WELCOME(0x02, false, EnumSet.allOf(Channel.class)),
    REJECT(0x03, false, EnumSet.allOf(Channel.class)),
    CALL_PROGRAM(0x10, false, EnumSet.of(CALL)),
    RESULT(0x11, true, EnumSet.of(CALL)),
    ERROR(0x12, true, EnumSet.of(CALL)),
    STOP(0x13, false, EnumSet.of(CALL)),
    CHUNK(0x14, true, EnumSet.of(CALL)),
    PROGRESS(0x15, true, EnumSet.of(CALL)),
    READY(0x20, true, EnumSet.of(SIDE)),
    FAILED(0x21, true, EnumSet.of(SIDE, SERVER)),
    LOG(0x22, true, EnumSet.of(SIDE)),
    PRINTED(0x23, true, EnumSet.of(SIDE)),
    HEARTBEAT(0x24, true, EnumSet.of(SIDE, GUARDIAN, SERVER)),
    SERVE(0x30, false, EnumSet.of(GUARDIAN)),
    STOP_SERVER(0x31, false, EnumSet.of(GUARDIAN)),
    SERVER_EXIT(0x32, true, EnumSet.of(GUARDIAN)),
    LOADED(0x33, true, EnumSet.of(SERVER)),
    FORK(0x34, false, EnumSet.of(SERVER)),
    FORKED(0x35, true, EnumSet.of(SERVER)),
    REFUSED(0x36, true, EnumSet.of(SERVER)),
    SIGNAL(0x37, false, EnumSet.of(SERVER)),
    KILL(0x38, false, EnumSet.of(SERVER)),
    EXIT(0x39, true, EnumSet.of(SERVER)),
    SIGNAL_PROCESS(0x3a, false, EnumSet.of(GUARDIAN)),
    CLEARED(0x3b, true, EnumSet.of(SERVER));

    private static final @Nullable FrameType[] BY_CODE = new FrameType[256];

    static {
        for (FrameType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final boolean fromPython;
    private final Set<Channel> channels;

    FrameType(int code, boolean fromPython, Set<Channel> channels) {
        this.code = code;
        this.fromPython = fromPython;
        this.channels = channels;
    }

    /** Returns the byte that stands for this type in a header. */
    public byte code() {
        return (byte) code;
    }

    /** Returns whether Python may send this type on {@code channel}. */
    public boolean mayArriveOn(Channel channel) {
        return fromPython && channels.contains(channel);
    }

    /** Returns whether a frame of this type is the last one of its call. */
    public boolean endsCall() {
        return this == RESULT || this == ERROR;
    }

    /** Returns the flags that are defined for this type. */
    int flags() {
        return switch (this) {
            case CALL_PROGRAM ->
                Flags.STATE | Flags.ATTACHED | Flags.IN_MEMORY | Flags.CHUNKS_WELCOME | Flags.PROGRESS_WELCOME;
            case RESULT -> Flags.STATE | Flags.ATTACHED | Flags.IN_MEMORY | Flags.LEFT_BEHIND;
            case CHUNK -> Flags.ATTACHED;
            default -> 0;
        };
    }

    /** Returns the type of {@code code}. */
    public static FrameType of(int code) throws ProtocolException {
        FrameType type = BY_CODE[code & 0xff];
        if (type == null) {
            throw new ProtocolException("unknown frame type 0x%02x".formatted(code & 0xff));
        }
        return type;
    }
}
