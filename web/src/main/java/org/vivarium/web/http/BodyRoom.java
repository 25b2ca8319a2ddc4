package org.vivarium.web.http;

import org.vivarium.api.memory.ByteBudget;

/**
 * The room in memory that one request body has: of a small share for all small bodies, and of the service's budget for
 * large ones, so that neither can use up the other's. Belongs to the request.
 */
final class BodyRoom {
    /** Bodies up to this size, in bytes, are small. */
    static final int SMALL = 64 << 10;

    /** Room for 256 small bodies of the largest size. */
    private static final ByteBudget SMALL_ONES = new ByteBudget(16 << 20);

    private final ByteBudget large;
    private long ofSmall;
    private long ofLarge;

    BodyRoom(ByteBudget large) {
        this.large = large;
    }

    /** Asks for room for {@code bytes} more; {@code false} if there is none now. */
    boolean tryAdd(int bytes) {
        if (ofLarge == 0 && ofSmall + bytes <= SMALL) {
            boolean there = SMALL_ONES.tryReserve(bytes);
            ofSmall += there ? bytes : 0;
            return there;
        }
        boolean there = large.tryReserve(bytes);
        ofLarge += there ? bytes : 0;
        return there;
    }

    /** Gives back {@code bytes} of it. */
    void remove(int bytes) {
        long small = Math.min(ofSmall, bytes);
        ofSmall -= small;
        ofLarge -= bytes - small;
        give(small, bytes - small);
    }

    /** Gives back all of it; once. */
    void close() {
        give(ofSmall, ofLarge);
        ofSmall = 0;
        ofLarge = 0;
    }

    private void give(long small, long big) {
        if (small > 0) {
            SMALL_ONES.release(small);
        }
        if (big > 0) {
            large.release(big);
        }
    }
}
