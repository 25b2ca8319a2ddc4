package org.vivarium.core.process;

import java.util.Map;

/** What FAILED says, for people. */
public final class StartFailure {
    private StartFailure() {}

    /**
     * Returns what the body of FAILED says: the sentence that Python has made of it, then the traceback if it has one.
     */
    public static String inWords(Map<String, Object> message) {
        Object traceback = message.get("traceback");
        return message.get("sentence") + (traceback == null ? "" : "\n" + traceback);
    }
}
