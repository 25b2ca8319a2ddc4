package org.vivarium.core.monitor;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.vivarium.api.view.StoredHistoryView;
import org.vivarium.core.metrics.Metrics;
import org.vivarium.core.telemetry.Telemetry;

/** What the monitoring of the monitoring looks at. */
public final class Monitoring {
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration LAG = Duration.ofSeconds(1);

    private Monitoring() {}

    /**
     * What is looked at.
     *
     * @param history how the stored history is doing
     * @param changes what is wrong with the change log; empty if nothing is
     * @param configuration what is wrong with the configuration on the disk; likewise
     */
    public record Parts(
            Telemetry telemetry,
            Metrics metrics,
            Supplier<StoredHistoryView> history,
            Supplier<String> changes,
            Supplier<String> configuration) {}

    /** Returns the monitor of {@code parts}, which has not begun to look. */
    public static SelfMonitor of(Parts parts, ThreadFactory threads) {
        SelfMonitor monitor = new SelfMonitor(EVERY, InstantSource.system(), threads);
        Telemetry telemetry = parts.telemetry();
        Metrics metrics = parts.metrics();
        monitor.add("timers", monitor.jobs()::problem);
        monitor.add("deadlocks", new Deadlocks());
        monitor.add("telemetry lag", () -> lag(telemetry));
        monitor.add(
                "telemetry",
                new Growth(telemetry::dropped, lost -> lost + " events were dropped, because the ring was full"));
        monitor.add(
                "memory of metrics",
                new Growth(
                        metrics::windowsDropped,
                        lost -> ("windows of programs and workers take more than TelemetryMegabytes: %d of their slices"
                                        + " were dropped early")
                                .formatted(lost)));
        monitor.add("history", () -> problem(parts.history().get()));
        monitor.add(
                "history lost",
                new Growth(
                        () -> parts.history().get().lost(),
                        lost -> lost + " rows of history were lost, because the database is too slow or fails"));
        monitor.add("change log", parts.changes());
        monitor.add("configuration", parts.configuration());
        return monitor;
    }

    private static String lag(Telemetry telemetry) {
        Duration lag = telemetry.lag();
        return lag.compareTo(LAG) > 0 ? "events are handled " + lag.toMillis() + " ms late" : "";
    }

    /** A store that has never been open is no problem yet, and one that is switched off none at all. */
    private static String problem(StoredHistoryView history) {
        return history.written() == 0 && history.failures() == 0 ? "" : history.problem();
    }
}
