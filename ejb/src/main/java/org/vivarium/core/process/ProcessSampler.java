package org.vivarium.core.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Looks at processes from outside, by the files below {@code /proc}; some 100 µs a look, a multiple of that with
 * private memory. Thread safe.
 */
public final class ProcessSampler {
    private static final Path PROC = Path.of("/proc");
    private static final long BYTES_PER_KIBIBYTE = 1_024;

    /** The kernel tells times to users in hundredths of a second, whatever its own clock does. */
    private static final long MILLIS_PER_TICK = 10;

    // Fields of /proc/PID/stat after the name, which is in parentheses and may hold anything.
    private static final int STATE = 0;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int THREADS = 17;
    private static final int START_TICKS = 19;

    private final Path proc;

    /** Reads below {@code proc}, which is {@code /proc} but for tests. */
    public ProcessSampler(Path proc) {
        this.proc = proc;
    }

    /** Returns the sampler of this machine. */
    public static ProcessSampler ofThisMachine() {
        return new ProcessSampler(PROC);
    }

    /** Returns whether this system tells about processes by files, as Linux does. */
    public boolean isAvailable() {
        return Files.isReadable(proc.resolve("self/stat"));
    }

    /**
     * Takes a look at process {@code pid}.
     *
     * @param before the sample before, whose private memory is kept unless it is asked for; {@code null} for the first
     * @return {@code null} if there is no such process any more, or another one has its id, neither of which is an
     *     error
     */
    public @Nullable ProcessSample sample(long pid, @Nullable ProcessSample before, boolean withPrivate) {
        try {
            ProcessSample sample = look(proc.resolve(Long.toString(pid)), pid);
            if (before != null && !sample.isSameProcess(before)) {
                return null;
            }
            long known = before == null ? 0 : before.privateBytes();
            return sample.withPrivateBytes(withPrivate ? privateBytes(pid) : known);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return null; // it went between two reads, and what was read is half of it
        }
    }

    private static ProcessSample look(Path process, long pid) throws IOException {
        String stat = text(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long rss = sum(text(process.resolve("status")), "VmRSS:");
        long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
        return new ProcessSample(
                pid,
                Long.parseLong(fields[START_TICKS]),
                fields[STATE].charAt(0),
                rss,
                0,
                ticks * MILLIS_PER_TICK,
                Integer.parseInt(fields[THREADS]),
                descriptors(process.resolve("fd")));
    }

    private long privateBytes(long pid) throws IOException {
        return sum(text(proc.resolve(Long.toString(pid)).resolve("smaps_rollup")), "Private_Clean:", "Private_Dirty:");
    }

    /** Adds up the lines that begin with one of {@code keys}, which are in KiB. */
    private static long sum(String lines, String... keys) {
        long bytes = 0;
        for (String line : lines.split("\n", -1)) {
            for (String key : keys) {
                if (line.startsWith(key)) {
                    String amount = line.substring(key.length()).strip();
                    bytes += Long.parseLong(amount.substring(0, amount.indexOf(' '))) * BYTES_PER_KIBIBYTE;
                }
            }
        }
        return bytes;
    }

    private static int descriptors(Path directory) {
        int count = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(directory)) {
            for (Path unused : open) {
                count++;
            }
            return count;
        } catch (IOException e) {
            return 0; // another user's, or gone
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), UTF_8);
    }
}
