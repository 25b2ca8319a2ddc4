package org.vivarium.core.process.channel;

import org.jspecify.annotations.Nullable;

/** The connection to a worker ended before its answer was complete. */
public final class ChannelLostException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean mayHaveBegun;

    ChannelLostException(boolean mayHaveBegun, @Nullable Throwable cause) {
        super(words(cause), cause);
        this.mayHaveBegun = mayHaveBegun;
    }

    private static String words(@Nullable Throwable cause) {
        if (cause == null) {
            return "end of file";
        }
        String message = cause.getMessage();
        return message == null ? cause.toString() : message; // a closed channel says nothing but its name
    }

    /** Returns whether the program may have begun; {@code false} only if it surely has not. */
    public boolean mayHaveBegun() {
        return mayHaveBegun;
    }
}
