package org.vivarium.core.protocol;

/** The bits of a frame's {@code flags}; docs/PROTOCOL.md, section 5. */
public final class Flags {
    /** CALL and RESULT: the state of a session comes along. */
    public static final int STATE = 0x01;

    /** CALL, RESULT and CHUNK: attachments follow in the frame. */
    public static final int ATTACHED = 0x02;

    /** CALL and RESULT: attachments are in the memory of the slot. */
    public static final int IN_MEMORY = 0x04;

    /** RESULT: a cancelled call has left threads or processes behind. */
    public static final int LEFT_BEHIND = 0x08;

    /** CALL: what a generator yields is welcome as it comes. */
    public static final int CHUNKS_WELCOME = 0x10;

    /** CALL: progress is welcome. */
    public static final int PROGRESS_WELCOME = 0x20;

    private Flags() {}

    static boolean has(int flags, int bit) {
        return (flags & bit) != 0;
    }
}
