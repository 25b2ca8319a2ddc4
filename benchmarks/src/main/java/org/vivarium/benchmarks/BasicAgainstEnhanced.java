package org.vivarium.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The same load on two pools: one with health checks, judgement by heartbeat, sessions, a warm spare and sampling, and
 * one without, or with as little of it as can be configured. Rounds of both are interleaved, and so are kills of busy
 * workers. Arguments: rounds (default 7), milliseconds per round (default 2000), kills (default 20).
 */
public final class BasicAgainstEnhanced {
    private static final int WORKERS = 4;
    private static final int CALLERS = 2;
    private static final long WARM_UP_MILLIS = 4_000;
    private static final String PYTHON =
            "python { path = [${vivarium.python.examples}], programs = [vivarium_examples] }";
    private static final String RECOVERY = "restart-limit = 1000, restart-window = 1 s";

    private final Side basic;
    private final Side enhanced;

    private BasicAgainstEnhanced(Service service) {
        this.basic = new Side(service, "basic", WORKERS, CALLERS, false);
        this.enhanced = new Side(service, "enhanced", WORKERS, CALLERS, true);
    }

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        long millis = arguments.length > 1 ? Long.parseLong(arguments[1]) : 2_000;
        int kills = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        System.out.printf(
                "%d workers, %d callers, %d rounds of %d ms, %d kills, %d CPUs%n",
                WORKERS, CALLERS, rounds, millis, kills, Runtime.getRuntime().availableProcessors());
        explain();
        try (Service service = new Service(Files.createTempDirectory("vivarium-benchmark"), configuration())) {
            BasicAgainstEnhanced benchmark = new BasicAgainstEnhanced(service);
            benchmark.compareSpeed(rounds, millis);
            benchmark.compareRecovery(kills);
        }
    }

    private static void explain() {
        String[][] lines = {
            {"what", "basic", "enhanced"},
            {"health checks", "never", "every 1 s, the shortest"},
            {"judging heartbeats", "never", "every 1 s"},
            {"heartbeats sent", "every 60 s, the longest", "every 1 s"},
            {"sampling", "never", "every 1 s, the shortest"},
            {"session", "none", "one per caller, saved with each call"},
            {"sweep of sessions", "never", "every 1 s, the shortest"},
            {"warm spares", "0", "1"},
        };
        for (String[] line : lines) {
            System.out.printf("  %-20s %-26s %s%n", line[0], line[1], line[2]);
        }
        System.out.println(
                "  on in both: JSON-B, bridge, telemetry, metrics, exits reported by the fork server, deadlines");
    }

    private static String configuration() {
        String workers = "minimum = " + WORKERS + ", maximum = " + WORKERS;
        return "vivarium.pools { default = null\n"
                + "basic { workers { " + workers + ", spares = 0 }, recovery { heartbeat = 60 s, " + RECOVERY + " }, "
                + PYTHON + " }\n"
                + "enhanced { workers { " + workers + ", spares = 1 }, recovery { heartbeat = 1 s, " + RECOVERY + " }, "
                + PYTHON + " } }";
    }

    private void compareSpeed(int rounds, long millis) throws InterruptedException {
        basic.round(WARM_UP_MILLIS); // the compiler is done with it afterwards
        enhanced.round(WARM_UP_MILLIS);
        List<Rounds.Result> basics = new ArrayList<>();
        List<Rounds.Result> enhanceds = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) { // so that neither is always the one that comes second
                basics.add(basic.round(millis));
                enhanceds.add(enhanced.round(millis));
            } else {
                enhanceds.add(enhanced.round(millis));
                basics.add(basic.round(millis));
            }
        }
        System.out.printf("%n%-24s %10s %10s %8s   %s%n", "median of rounds", "basic", "enhanced", "ratio", "rounds");
        row("p50 us", basics, enhanceds, Rounds.Result::p50);
        row("p99 us", basics, enhanceds, Rounds.Result::p99);
        row("calls/s", basics, enhanceds, Rounds.Result::perSecond);
    }

    private static void row(
            String name,
            List<Rounds.Result> basics,
            List<Rounds.Result> enhanceds,
            ToDoubleFunction<Rounds.Result> of) {
        List<Double> ratios = IntStream.range(0, basics.size())
                .mapToObj(i -> of.applyAsDouble(enhanceds.get(i)) / of.applyAsDouble(basics.get(i)))
                .toList();
        System.out.printf(
                Locale.ROOT,
                "%-24s %10.1f %10.1f %8.2f   %s%n",
                name,
                median(basics, of),
                median(enhanceds, of),
                Rounds.median(ratios),
                ratios.stream()
                        .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                        .toList());
    }

    private static double median(List<Rounds.Result> results, ToDoubleFunction<Rounds.Result> of) {
        return Rounds.median(results.stream().map(of::applyAsDouble).toList());
    }

    private void compareRecovery(int kills) throws InterruptedException {
        for (int i = 0; i < kills; i++) {
            basic.killUnderLoad();
            enhanced.killUnderLoad();
        }
        System.out.println();
        basic.print();
        enhanced.print();
    }
}
