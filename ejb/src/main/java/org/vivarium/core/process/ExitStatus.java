package org.vivarium.core.process;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a process ended. One of {@code code} and {@code signal} is set, or neither if nobody could tell.
 *
 * @param maxRssKilobytes largest resident memory; 0 if unknown
 * @param cpuSeconds processor time used; 0 if unknown
 * @param swept descendants that it left behind and that were killed
 * @param cause what else than us may have killed it, in words; {@code null} if nothing is known
 */
public record ExitStatus(
        @Nullable Integer code,
        @Nullable Integer signal,
        long maxRssKilobytes,
        double cpuSeconds,
        int swept,
        @Nullable String cause) {
    /** How it ended is unknown, because the process that would have reported it is gone too. */
    public static final ExitStatus UNKNOWN = new ExitStatus(null, null, 0, 0, 0, null);

    private static final int SIGKILL = 9;

    /** What a process of ours exits with if it cannot connect for want of a descriptor. */
    private static final int NO_DESCRIPTORS = 71;

    private static final String WITHOUT_DESCRIPTORS =
            ", which says that it had no file descriptor left to connect with: raise the limit of open files"
                    + " (ulimit -n, LimitNOFILE of the service, fs.file-max), or open fewer files and connections";
    private static final Map<Integer, String> SIGNALS =
            Map.of(4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

    /** Reads the status from the body of EXIT or SERVER_EXIT. */
    public static ExitStatus of(Map<String, Object> message) {
        return new ExitStatus(
                integer(message, "code"),
                integer(message, "signal"),
                message.get("max_rss_kilobytes") instanceof Number n ? n.longValue() : 0,
                message.get("cpu_seconds") instanceof Number n ? n.doubleValue() : 0,
                message.get("swept") instanceof Number n ? n.intValue() : 0,
                null);
    }

    /** Returns this status with what {@code cause} says, which is asked only if the process was killed by SIGKILL. */
    public ExitStatus explained(Supplier<@Nullable String> cause) {
        return signal != null && signal == SIGKILL
                ? new ExitStatus(code, signal, maxRssKilobytes, cpuSeconds, swept, cause.get())
                : this;
    }

    /** Returns this status with {@code cause}, in words. */
    public ExitStatus explained(String cause) {
        return new ExitStatus(code, signal, maxRssKilobytes, cpuSeconds, swept, cause);
    }

    /** Returns the status in words, its cause rather than its signal if one is known. */
    public String inWords() {
        return cause == null ? bySignal() : cause;
    }

    /** Returns the status in words, such as {@code was killed by signal 9 (SIGKILL)}, which may have been ours. */
    public String bySignal() {
        if (signal != null) {
            String name = SIGNALS.get(signal);
            return "was killed by signal " + signal + (name == null ? "" : " (" + name + ")");
        }
        if (code == null) {
            return "ended with unknown status";
        }
        return "exited with status " + code + (code == NO_DESCRIPTORS ? WITHOUT_DESCRIPTORS : "");
    }

    private static @Nullable Integer integer(Map<String, Object> message, String name) {
        return message.get(name) instanceof Number number ? number.intValue() : null;
    }
}
