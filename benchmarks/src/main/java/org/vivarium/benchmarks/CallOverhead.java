package org.vivarium.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.vivarium.api.PythonPool;

/**
 * What a call costs, as ratios to a bare socket and JSON exchange with the same Python in the same run.
 *
 * <p>Rounds of both are interleaved, and the round of each is printed, because either is bistable on few CPUs.
 * Arguments: rounds (default 9), milliseconds per round (default 400).
 */
public final class CallOverhead {
    private static final Echo INPUTS = new Echo("hello", 42);
    private static final long WARM_UP_MILLIS = 4_000;

    private CallOverhead() {}

    /** A small record, so that JSON-B works on both ways. */
    public record Echo(String text, int n) {}

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        long millis = arguments.length > 1 ? Long.parseLong(arguments[1]) : 400;
        Path directory = Files.createTempDirectory("vivarium-benchmark");
        try (Service service = new Service(directory, 2)) {
            System.out.printf(
                    "2 workers, %d rounds of %d ms, %d CPUs%n",
                    rounds, millis, Runtime.getRuntime().availableProcessors());
            Runnable call = () -> echo(service.pool());
            Rounds.run(Collections.nCopies(8, call), WARM_UP_MILLIS); // the compiler is done with it afterwards
            for (int callers : new int[] {1, 2, 4, 8}) {
                compare(call, directory, callers, rounds, millis);
            }
            WorkerStart.main(service.runtime());
        }
    }

    private static void echo(PythonPool pool) {
        if (pool.call("echo", INPUTS, Echo.class).n() != INPUTS.n()) {
            throw new AssertionError("not what was sent");
        }
    }

    private static void compare(Runnable call, Path directory, int callers, int rounds, long millis)
            throws IOException, InterruptedException {
        List<Bare> bares = new ArrayList<>();
        for (int i = 0; i < Math.min(callers, 2); i++) {
            bares.add(new Bare(directory));
        }
        List<Runnable> bareCallers = new ArrayList<>();
        bares.forEach(bare -> bareCallers.add(bare::exchange));
        List<Runnable> poolCallers = Collections.nCopies(callers, call);
        Rounds.run(bareCallers, millis);
        Rounds.run(poolCallers, 3 * millis);
        List<Rounds.Result> bareResults = new ArrayList<>();
        List<Rounds.Result> poolResults = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            bareResults.add(Rounds.run(bareCallers, millis));
            poolResults.add(Rounds.run(poolCallers, millis));
        }
        for (Bare bare : bares) {
            bare.close();
        }
        print(callers, bares.size(), bareResults, poolResults);
    }

    private static void print(int callers, int bareCallers, List<Rounds.Result> bare, List<Rounds.Result> pool) {
        System.out.printf(Locale.ROOT, "%n%d callers (bare: %d connections)%n", callers, bareCallers);
        System.out.println("  bare  calls/s " + list(bare, r -> r.perSecond() / 1000, "%.0fk"));
        System.out.println("  pool  calls/s " + list(pool, r -> r.perSecond() / 1000, "%.0fk"));
        System.out.println("  bare  p50 us  " + list(bare, Rounds.Result::p50, "%.1f"));
        System.out.println("  pool  p50 us  " + list(pool, Rounds.Result::p50, "%.1f"));
        System.out.printf(
                Locale.ROOT,
                "  median: bare %.0f/s p50 %.1f p99 %.1f   pool %.0f/s p50 %.1f p99 %.1f   ratio p50 %.2f p99 %.2f throughput %.2f%n",
                median(bare, Rounds.Result::perSecond),
                median(bare, Rounds.Result::p50),
                median(bare, Rounds.Result::p99),
                median(pool, Rounds.Result::perSecond),
                median(pool, Rounds.Result::p50),
                median(pool, Rounds.Result::p99),
                ratio(pool, bare, Rounds.Result::p50),
                ratio(pool, bare, Rounds.Result::p99),
                ratio(pool, bare, Rounds.Result::perSecond));
    }

    private static double ratio(
            List<Rounds.Result> a, List<Rounds.Result> b, java.util.function.ToDoubleFunction<Rounds.Result> of) {
        return Rounds.median(IntStream.range(0, a.size())
                .mapToObj(i -> of.applyAsDouble(a.get(i)) / of.applyAsDouble(b.get(i)))
                .toList());
    }

    private static double median(List<Rounds.Result> results, java.util.function.ToDoubleFunction<Rounds.Result> of) {
        return Rounds.median(results.stream().map(of::applyAsDouble).toList());
    }

    private static String list(
            List<Rounds.Result> results, java.util.function.ToDoubleFunction<Rounds.Result> of, String format) {
        return String.join(
                " ",
                results.stream()
                        .map(result -> String.format(Locale.ROOT, format, of.applyAsDouble(result)))
                        .toList());
    }
}
