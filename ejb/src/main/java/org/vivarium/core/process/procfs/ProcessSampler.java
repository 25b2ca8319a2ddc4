package org.vivarium.core.process.procfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Samples processes from outside, by the files below {@code /proc}; some 100 µs a sample, a multiple of that with
 * private memory. Thread safe.
 */
public final class ProcessSampler {
    /** The kernel reports times in hundredths of a second wherever Linux runs a JVM, whatever its own clock does. */
    public static final long MILLIS_PER_TICK = 10;

    private static final Path PROC = Path.of("/proc");
    private static final long BYTES_PER_KIBIBYTE = 1_024;

    private final Path proc;

    /** Reads below {@code proc}, which is {@code /proc} but for tests. */
    public ProcessSampler(Path proc) {
        this.proc = proc;
    }

    /** Returns the sampler of this machine. */
    public static ProcessSampler ofThisMachine() {
        return new ProcessSampler(PROC);
    }

    /** Returns whether this system describes processes by files, as Linux does. */
    public boolean isAvailable() {
        return Files.isReadable(proc.resolve("self/stat"));
    }

    /**
     * Samples process {@code pid}.
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
            return sample.withPrivateBytes(withPrivate ? privateBytes(pid, known) : known);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return null; // it went between two reads, and what was read is half of it
        }
    }

    private static ProcessSample look(Path process, long pid) throws IOException {
        StatLine stat = StatLine.parse(text(process.resolve("stat")));
        if (stat == null) {
            throw new IOException("stat was cut short");
        }
        return new ProcessSample(
                pid,
                stat.parent(),
                stat.session(),
                stat.startTicks(),
                stat.state(),
                sum(text(process.resolve("status")), "VmRSS:"),
                0,
                stat.cpuMillis(),
                stat.threads(),
                descriptors(process.resolve("fd")));
    }

    private long privateBytes(long pid, long known) {
        try {
            String text = text(proc.resolve(Long.toString(pid)).resolve("smaps_rollup"));
            return sum(text, "Private_Clean:", "Private_Dirty:");
        } catch (IOException e) {
            return known; // a zombie has no memory to tell of, and the kernel guards this file more than others
        }
    }

    /**
     * Returns a variable of the environment that process {@code pid} was started with; {@code null} if it had none of
     * that name, has gone, or does not let us see.
     */
    public @Nullable String environment(long pid, String name) {
        String prefix = name + '=';
        try {
            String all = text(proc.resolve(Long.toString(pid)).resolve("environ"));
            return Arrays.stream(all.split("\0", -1))
                    .filter(entry -> entry.startsWith(prefix))
                    .map(entry -> entry.substring(prefix.length()))
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }

    /** Returns the lines of a file that describes the machine, such as {@code meminfo}; none if it cannot be read. */
    public List<String> machine(String file) {
        try {
            return text(proc.resolve(file)).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
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
