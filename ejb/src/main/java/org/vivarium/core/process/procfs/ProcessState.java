package org.vivarium.core.process.procfs;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of a process at one moment: see {@code proc(5)}, {@code /proc/<pid>/stat}.
 *
 * @param state the letter for the state of its main thread
 * @param cpu processor time used by all its threads, in steps of 10 ms
 */
public record ProcessState(char state, Duration cpu) {
    /** Returns a sample of {@code pid}; {@code null} if there is no such process any more. */
    public static @Nullable ProcessState of(long pid) {
        StatLine line = StatLine.of(pid);
        return line == null ? null : of(line);
    }

    /** Returns what a line of {@code stat} says; its name, in parentheses, may hold anything. */
    static @Nullable ProcessState parse(String stat) {
        StatLine line = StatLine.parse(stat);
        return line == null ? null : of(line);
    }

    private static ProcessState of(StatLine line) {
        return new ProcessState(line.state(), Duration.ofMillis(line.cpuMillis()));
    }

    /** Returns whether its main thread runs or waits for a processor. */
    public boolean isRunnable() {
        return state == 'R';
    }

    /** Returns the state so that it follows "the process" in a sentence. */
    public String inWords() {
        return switch (state) {
            case 'R' -> "runs";
            case 'S' -> "sleeps and uses hardly any processor time";
            case 'D' -> "waits for a device";
            case 'T' -> "is stopped by a signal";
            case 't' -> "is stopped by a debugger";
            default -> "is in state " + state;
        };
    }
}
