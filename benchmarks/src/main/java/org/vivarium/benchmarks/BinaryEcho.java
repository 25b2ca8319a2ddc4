package org.vivarium.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.core.admission.CallPipeline;

/**
 * Bytes to Python and back: 100 kB, 1 MB and 10 MB many times, and then once what the second argument says. Arguments:
 * rounds (default 200), megabytes of the largest (default 1000, which needs {@code -Xmx5g}; 0 = none).
 */
public final class BinaryEcho {
    private static final byte[] DATA = "{\"data\":{\"$bytes\":0}}".getBytes(UTF_8);
    private static final CallOptions PATIENT = CallOptions.DEFAULT.withTimeout(Duration.ofMinutes(5));

    private BinaryEcho() {}

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
        int largest = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1000;
        try (Service service = new Service(Files.createTempDirectory("vivarium-benchmark"), 1)) {
            CallPipeline pool = service.runtime().pools().get("default").calls();
            for (int size : new int[] {100_000, 1_000_000, 10_000_000}) {
                byte[] data = random(size);
                List<Double> millis = new ArrayList<>();
                for (int i = 0; i < rounds + rounds / 5; i++) {
                    millis.add(echo(pool, data));
                }
                System.out.printf(
                        "%,12d bytes: %s%n", size, Load.percentiles(millis.subList(rounds / 5, millis.size())));
            }
            if (largest > 0) {
                byte[] data = random(largest * 1_000_000);
                System.out.printf("%,12d bytes: %.0f ms%n", data.length, echo(pool, data));
                long pid = service.runtime()
                        .pools()
                        .get("default")
                        .control()
                        .workers()
                        .get(0)
                        .pid();
                System.out.printf("afterwards the worker has %s%n", resident(pid));
            }
        }
    }

    private static double echo(CallPipeline pool, byte[] data) {
        long began = System.nanoTime();
        Payload result = pool.call("echo_bytes", new Payload(DATA, List.of(data)), PATIENT);
        double millis = (System.nanoTime() - began) / 1e6;
        if (!Arrays.equals(result.attachments().get(0), data)) {
            throw new AssertionError("not what was sent");
        }
        return millis;
    }

    private static String resident(long pid) throws IOException {
        return Files.readAllLines(java.nio.file.Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS") || line.startsWith("RssShmem"))
                .map(line -> line.replaceAll("\\s+", " "))
                .toList()
                .toString();
    }

    private static byte[] random(int size) {
        byte[] data = new byte[size];
        new Random(1).nextBytes(data);
        return data;
    }
}
