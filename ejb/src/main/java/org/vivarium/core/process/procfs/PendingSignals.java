package org.vivarium.core.process.procfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The signals that a process was sent and has not taken yet: see {@code proc(5)}, {@code /proc/<pid>/status}. */
public final class PendingSignals {
    private static final String SHARED = "ShdPnd:"; // those for the process, not for one of its threads
    private static final int HEXADECIMAL = 16;

    private PendingSignals() {}

    /** Returns whether {@code signal} is among those of {@code pid}; a process that has gone has none. */
    public static boolean contains(long pid, int signal) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"), ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(SHARED))
                    .map(line -> line.substring(SHARED.length()).strip())
                    .anyMatch(mask -> (Long.parseUnsignedLong(mask, HEXADECIMAL) & (1L << (signal - 1))) != 0);
        } catch (IOException | UncheckedIOException e) {
            return false; // gone
        }
    }
}
