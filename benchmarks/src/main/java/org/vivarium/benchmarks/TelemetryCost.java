package org.vivarium.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.vivarium.api.CallContext;
import org.vivarium.api.event.CallStarted;
import org.vivarium.api.event.EventFilter;
import org.vivarium.api.event.EventType;
import org.vivarium.core.telemetry.Telemetry;

/**
 * What telemetry costs: an event on the thread that publishes it, and the throughput of calls with all events, with the
 * default and with none on request. Rounds of all are interleaved. Arguments: rounds (default 9), milliseconds per
 * round (default 1000).
 */
public final class TelemetryCost {
    private static final CallOverhead.Echo INPUTS = new CallOverhead.Echo("hello", 42);
    private static final int CALLERS = 2;
    private static final int BATCH = 4_000;
    private static final int BATCHES = 300;
    private static final long WARM_UP_MILLIS = 4_000;

    private TelemetryCost() {}

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        long millis = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1_000;
        perEvent();
        throughput(rounds, millis);
    }

    private static void perEvent() {
        long[] heard = new long[1];
        Telemetry on = telemetry("*", heard);
        Telemetry off = telemetry("-call.start, *", heard);
        List<Double> wanted = new ArrayList<>();
        List<Double> unwanted = new ArrayList<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            wanted.add(batch(on));
            unwanted.add(batch(off));
        }
        System.out.printf(
                Locale.ROOT,
                "an event: %.0f ns published, %.1f ns when nobody wants it (medians of %d batches of %d); %d heard, %d dropped%n",
                Rounds.median(wanted),
                Rounds.median(unwanted),
                BATCHES,
                BATCH,
                heard[0],
                on.dropped());
        on.close();
        off.close();
    }

    private static Telemetry telemetry(String events, long[] heard) {
        Telemetry telemetry = new Telemetry(Service::daemon);
        telemetry.filter(EventFilter.parse(events));
        telemetry.addHandler("count", event -> heard[0]++, event -> true);
        telemetry.start();
        return telemetry;
    }

    /** Returns the nanoseconds of one event. */
    private static double batch(Telemetry telemetry) {
        long start = System.nanoTime();
        for (int i = 0; i < BATCH; i++) {
            if (telemetry.wants(EventType.CALL_START)) {
                telemetry.publish(new CallStarted("default", "echo", CallContext.NONE));
            }
        }
        double nanos = (System.nanoTime() - start) / (double) BATCH;
        while (telemetry.waiting() > 0) {
            Thread.onSpinWait();
        }
        return nanos;
    }

    private static void throughput(int rounds, long millis) throws IOException, InterruptedException {
        Map<String, EventFilter> kinds = new LinkedHashMap<>();
        kinds.put("off", EventFilter.parse(""));
        kinds.put("default", EventFilter.DEFAULT);
        kinds.put("all", EventFilter.parse("*"));
        Map<String, List<Rounds.Result>> results = new LinkedHashMap<>();
        kinds.keySet().forEach(kind -> results.put(kind, new ArrayList<>()));
        try (Service service = new Service(Files.createTempDirectory("vivarium-benchmark"), 2)) {
            Telemetry telemetry = service.runtime().telemetry();
            List<Runnable> callers =
                    Collections.nCopies(CALLERS, () -> service.pool().call("echo", INPUTS, CallOverhead.Echo.class));
            Rounds.run(callers, WARM_UP_MILLIS);
            List<String> order = new ArrayList<>(kinds.keySet());
            for (int round = 0; round < rounds; round++) {
                Collections.rotate(order, 1); // so that none is always the first
                for (String kind : order) {
                    telemetry.filter(kinds.get(kind));
                    results.get(kind).add(Rounds.run(callers, millis));
                }
            }
            System.out.printf(
                    "%d callers, %d rounds of %d ms; dropped: %d%n", CALLERS, rounds, millis, telemetry.dropped());
        }
        results.forEach((kind, all) -> System.out.printf(
                Locale.ROOT,
                "  %-8s %8.0f calls/s  p50 %5.1f us  throughput to off %.3f%n",
                kind,
                Rounds.median(all.stream().map(Rounds.Result::perSecond).toList()),
                Rounds.median(all.stream().map(Rounds.Result::p50).toList()),
                ratio(all, results.get("off"))));
    }

    private static double ratio(List<Rounds.Result> of, List<Rounds.Result> to) {
        return Rounds.median(IntStream.range(0, of.size())
                .mapToObj(i -> of.get(i).perSecond() / to.get(i).perSecond())
                .toList());
    }
}
