package org.vivarium.core.process.procfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A line of {@code /proc/<pid>/stat}, see {@code proc(5)}: what the kernel says of a process at one moment. */
record StatLine(char state, long parent, long session, long cpuMillis, int threads, long startTicks) {
    // Fields after the name, which is in parentheses and may hold anything.
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int THREADS = 17;
    private static final int START_TICKS = 19;

    /** Returns what the kernel says of {@code pid} now; {@code null} if there is no such process any more. */
    static @Nullable StatLine of(long pid) {
        try {
            return parse(Files.readString(Path.of("/proc", Long.toString(pid), "stat"), ISO_8859_1));
        } catch (IOException e) {
            return null; // gone
        }
    }

    /** Returns whether it has ended, and only its parent does not know yet. */
    boolean hasEnded() {
        return state == 'Z' || state == 'X';
    }

    /** Returns what {@code line} says; {@code null} if it was cut short or is no such line. */
    static @Nullable StatLine parse(String line) {
        String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length <= START_TICKS || fields[STATE].length() != 1) {
            return null;
        }
        try {
            long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
            return new StatLine(
                    fields[STATE].charAt(0),
                    Long.parseLong(fields[PARENT]),
                    Long.parseLong(fields[SESSION]),
                    ticks * ProcessSampler.MILLIS_PER_TICK,
                    Integer.parseInt(fields[THREADS]),
                    Long.parseLong(fields[START_TICKS]));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
