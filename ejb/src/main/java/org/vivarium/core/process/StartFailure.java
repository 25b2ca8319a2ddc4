package org.vivarium.core.process;

import java.util.Map;

/** What FAILED says, for people. */
public final class StartFailure {
    private StartFailure() {}

    /** Returns what the body of FAILED says, as a sentence. */
    public static String inWords(Map<String, Object> message) {
        if (message.get("module") == null) { // told in full by itself
            return String.valueOf(message.get("message"));
        }
        Object traceback = message.get("traceback");
        if (message.get("hook") instanceof String hook) {
            return "%s raised %s: %s%s"
                    .formatted(
                            hook,
                            message.get("type"),
                            message.get("message"),
                            traceback == null ? "" : "\n" + traceback);
        }
        return "module '%s' does not import: %s: %s; install it, or correct python.path, python.programs or python.preload%s"
                .formatted(
                        message.get("module"),
                        message.get("type"),
                        message.get("message"),
                        traceback == null ? "" : "\n" + traceback);
    }
}
