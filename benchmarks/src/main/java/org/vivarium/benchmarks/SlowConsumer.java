package org.vivarium.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.core.pool.SupervisedPool;

/**
 * A consumer that takes a chunk every few milliseconds from a program that could yield much faster: what both sides
 * need, as time goes by. Arguments: seconds (default 20), milliseconds per chunk (default 2).
 */
public final class SlowConsumer {
    private SlowConsumer() {}

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
        int pause = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
        try (Service service = new Service(Files.createTempDirectory("vivarium-benchmark"), 1)) {
            SupervisedPool pool = service.runtime().pools().get("default");
            long pid = pool.control().workers().get(0).pid();
            CallOptions options = CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(seconds + 30L));
            Payload inputs = Payload.of("{\"amount\":1000000000}".getBytes(UTF_8));
            try (PayloadStream stream = pool.calls().stream("stream_numbers", inputs, options)) {
                long began = System.nanoTime();
                long taken = 0;
                for (int second = 0; second < seconds; ) {
                    stream.next();
                    taken++;
                    LockSupport.parkNanos(pause * 1_000_000L);
                    if (System.nanoTime() - began > second * 1_000_000_000L) {
                        if (second % 5 == 0 || second == seconds - 1) {
                            System.gc();
                            print(second, taken, pid);
                        }
                        second++;
                    }
                }
            }
        }
    }

    private static void print(int second, long taken, long pid) throws IOException {
        Runtime java = Runtime.getRuntime();
        String resident = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .findFirst()
                .orElse("gone");
        System.out.printf(
                "%3d s: %,d chunks taken; heap %.1f MB; worker %s%n",
                second, taken, (java.totalMemory() - java.freeMemory()) / 1e6, resident.replaceAll("\\s+", " "));
    }
}
