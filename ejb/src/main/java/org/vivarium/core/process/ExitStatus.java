package org.vivarium.core.process;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a process ended. One of {@code code} and {@code signal} is set, or neither if nobody could tell.
 *
 * @param maxRssKilobytes largest resident memory; 0 if unknown
 * @param cpuSeconds processor time used; 0 if unknown
 * @param swept descendants that it left behind and that were killed
 */
public record ExitStatus(
        @Nullable Integer code, @Nullable Integer signal, long maxRssKilobytes, double cpuSeconds, int swept) {
    /** How it ended is unknown, because the process that would have reported it is gone too. */
    public static final ExitStatus UNKNOWN = new ExitStatus(null, null, 0, 0, 0);

    private static final Map<Integer, String> SIGNALS =
            Map.of(4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

    /** Reads the status from the body of EXIT or SERVER_EXIT. */
    public static ExitStatus of(Map<String, Object> message) {
        return new ExitStatus(
                integer(message, "code"),
                integer(message, "signal"),
                message.get("max_rss_kilobytes") instanceof Number n ? n.longValue() : 0,
                message.get("cpu_seconds") instanceof Number n ? n.doubleValue() : 0,
                message.get("swept") instanceof Number n ? n.intValue() : 0);
    }

    /** Returns the status in words, such as {@code was killed by signal 9 (SIGKILL)}. */
    public String inWords() {
        if (signal != null) {
            String name = SIGNALS.get(signal);
            return "was killed by signal " + signal + (name == null ? "" : " (" + name + ")");
        }
        return code == null ? "ended with unknown status" : "exited with status " + code;
    }

    private static @Nullable Integer integer(Map<String, Object> message, String name) {
        return message.get(name) instanceof Number number ? number.intValue() : null;
    }
}
