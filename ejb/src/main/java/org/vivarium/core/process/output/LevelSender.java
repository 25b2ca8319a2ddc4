package org.vivarium.core.process.output;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.process.control.Connection;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;

/** Tells one worker at which levels its loggers log: at once, or as soon as it is connected. Thread safe. */
public final class LevelSender {
    private @Nullable Connection side;
    private Map<String, Integer> levels = Map.of();

    /** Sends what the worker does not have by itself, and from now on whatever changes. */
    public synchronized void connected(Connection connection) {
        side = connection;
        if (!levels.isEmpty()) {
            send();
        }
    }

    /** Gives loggers these levels, unless they have them. */
    public synchronized void logAt(Map<String, Integer> wanted) {
        if (!wanted.equals(levels)) {
            levels = wanted;
            send();
        }
    }

    private void send() {
        if (side != null) {
            side.send(Frame.of(FrameType.LEVELS, Map.of("levels", levels)));
        }
    }
}
