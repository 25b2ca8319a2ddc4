package org.vivarium.core.metrics.exposition;

import static org.vivarium.core.metrics.exposition.MetricReader.calls;
import static org.vivarium.core.metrics.exposition.MetricReader.latency;
import static org.vivarium.core.metrics.exposition.MetricReader.lives;
import static org.vivarium.core.metrics.exposition.MetricReader.now;
import static org.vivarium.core.metrics.exposition.MetricReader.window;
import static org.vivarium.core.metrics.exposition.MetricText.counted;
import static org.vivarium.core.metrics.exposition.MetricText.events;
import static org.vivarium.core.metrics.exposition.MetricText.pool;

import org.vivarium.api.view.PoolNow;
import org.vivarium.api.view.PoolTotals.Counter;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.metrics.PoolWindow;
import org.vivarium.core.metrics.CallLatencies;
import org.vivarium.core.metrics.windows.LifeSpan;

/**
 * The one place where a metric is described; attributes in JMX, gauges of Dropwizard, samples for Prometheus and
 * {@code docs/METRICS.md} are derived from it or compared with it by a test. Adding a metric is one entry.
 */
@SuppressWarnings("ImmutableEnumChecker") // its functions keep nothing
public enum Metric {
    TARGET(
            "Target",
            "pool_target_workers",
            "workers",
            pool("Number of workers that the pool tries to keep."),
            now(n -> n.status().target())),
    SIZE(
            "Size",
            "pool_workers",
            "workers",
            pool("Worker processes in any state but TERMINATED."),
            now(n -> n.status().size())),
    READY(
            "Ready",
            "pool_ready_workers",
            "workers",
            pool("Workers in service, idle or busy."),
            now(n -> n.status().ready())),
    BUSY(
            "Busy",
            "pool_busy_workers",
            "workers",
            pool("Workers with at least one call."),
            now(n -> n.status().busy())),
    IDLE(
            "Idle",
            "pool_idle_workers",
            "workers",
            pool("Workers in service without a call."),
            now(n -> n.status().idle())),
    STARTING(
            "Starting",
            "pool_starting_workers",
            "workers",
            pool("Workers that are starting."),
            now(n -> n.status().starting())),
    DEGRADED(
            "Degraded",
            "pool_degraded_workers",
            "workers",
            pool("Workers that failed a health check and take no calls."),
            now(n -> n.status().degraded())),
    DRAINING(
            "Draining",
            "pool_draining_workers",
            "workers",
            pool("Workers that finish their calls and then end."),
            now(n -> n.status().draining())),
    SPARES(
            "Spares",
            "pool_spare_workers",
            "workers",
            pool("Ready workers that take no calls until they replace one that goes."),
            now(n -> n.status().spares())),
    SLOTS(
            "Slots",
            "pool_slots",
            "slots",
            pool("Slots of the workers in service: how many calls they can run at a time."),
            now(n -> n.status().slots())),
    BUSY_SLOTS(
            "BusySlots",
            "pool_busy_slots",
            "slots",
            pool("Slots that have a call."),
            now(n -> n.status().busySlots())),
    WAITING(
            "Waiting",
            "pool_waiting_calls",
            "calls",
            pool("Calls that wait for their turn in a session, a permit or a worker."),
            now(n -> n.status().waiting())),
    OLDEST_WAIT(
            "OldestWaitMillis",
            "pool_oldest_wait_seconds",
            "ms",
            pool("How long the oldest waiting call has waited; 0 if none waits."),
            now(n -> n.status().oldestWaitMillis())),
    RUNNING("Running", "pool_running_calls", "calls", pool("Calls that are running."), now(PoolNow::running)),
    OLDEST_CALL(
            "OldestCallMillis",
            "pool_oldest_call_seconds",
            "ms",
            pool(
                    "How long the oldest running call has been running; 0 if none runs. A call that hangs shows here before its deadline."),
            now(PoolNow::oldestCallMillis)),
    KEYS(
            "RunningKeys",
            "pool_running_keys",
            "keys",
            pool("Different keys, such as projects, of the calls that are running."),
            now(PoolNow::keys)),
    SESSIONS(
            "Sessions",
            "pool_sessions",
            "sessions",
            pool("Sessions that the pool keeps."),
            now(n -> n.status().sessions())),
    SESSION_STATE(
            "SessionStateBytes",
            "pool_session_state_bytes",
            "bytes",
            pool("Size of the saved state of all sessions."),
            now(n -> n.sessions().stateBytes())),
    SESSION_BUDGET(
            "SessionBudgetBytes",
            "pool_session_budget_bytes",
            "bytes",
            pool("Size of the saved state of all sessions from which on calls that need a new session are refused."),
            now(n -> n.sessions().budgetBytes())),
    SESSIONS_REFUSED(
            "SessionsRefused",
            "pool_refused_sessions_total",
            "calls",
            counted(
                    "Calls that were refused because each needed a new session, and there were too many or too much state of them."),
            now(n -> n.sessions().refused())),
    CALLS("pool_calls_total", "calls", Counter.CALLS),
    ERRORS("pool_errors_total", "calls", Counter.ERRORS),
    CANCELLED("pool_cancelled_total", "calls", Counter.CANCELLED),
    TIMEOUTS("pool_timeouts_total", "calls", Counter.TIMEOUTS),
    REJECTED("pool_rejected_total", "calls", Counter.REJECTED),
    RETRIES("pool_retries_total", "retries", Counter.RETRIES),
    RESOLVED("pool_resolved_total", "calls", Counter.RESOLVED),
    UNRESOLVED("pool_unresolved_total", "calls", Counter.UNRESOLVED),
    STARTED("pool_started_workers_total", "workers", Counter.STARTED),
    DIED("pool_died_workers_total", "workers", Counter.DIED),
    RECYCLED("pool_recycled_workers_total", "workers", Counter.RECYCLED),
    DROPPED_LINES("pool_dropped_output_lines_total", "lines", Counter.DROPPED_LINES),
    RECOVERIES("pool_recoveries_total", "recoveries", Counter.RECOVERIES),
    SENT_BYTES(
            "SentBytes",
            "pool_sent_bytes_total",
            "bytes",
            counted("Bytes of calls that were sent to workers, attachments and session state included."),
            now(n -> n.activity().sentBytes())),
    RECEIVED_BYTES(
            "ReceivedBytes",
            "pool_received_bytes_total",
            "bytes",
            counted(
                    "Bytes of results, chunks and errors that workers have sent, attachments and session state included."),
            now(n -> n.activity().receivedBytes())),
    RECOVERY(
            "RecoveryMillisLast",
            "pool_last_recovery_seconds",
            "ms",
            pool("Time from noticing the last death until its replacement was in service; NaN before the first."),
            now(n -> n.status().recoveryMillisLast())),
    HEALTH(
            "HealthScore",
            "pool_health_score",
            "points",
            pool(
                    "Health score from 0 to 100: 30 for utilization, 50 for success, 20 for latency, in the last minute; green from 80, yellow from 60, else red."),
            now(n -> n.health().score())),
    OBJECTIVE_LEVEL(
            "ObjectiveLevel",
            "pool_objective_level",
            "level",
            pool("Worst level of the service objectives: 0 OK, 1 WARNING, 2 CRITICAL; -1 no data."),
            now(n -> n.objectives().level().number())),
    BUDGET_LEFT(
            "ErrorBudgetLeft",
            "pool_error_budget_left_ratio",
            "ratio",
            pool(
                    "Smallest remaining part of the error budget of any objective of the last 24 hours; negative if one is overspent, NaN without data."),
            now(n -> n.objectives().budgetLeft())),
    BURN_RATE_5M(
            "BurnRate5m",
            "pool_burn_rate_5m_ratio",
            "ratio",
            pool(
                    "Highest burn rate of an error budget in the last 5 minutes: at 1 it is used up exactly; NaN without data."),
            now(n -> n.objectives().burnRate5m())),
    BURN_RATE_1H(
            "BurnRate1h",
            "pool_burn_rate_1h_ratio",
            "ratio",
            pool(
                    "Highest burn rate of an error budget in the last hour: at 1 it is used up exactly; NaN without data."),
            now(n -> n.objectives().burnRate1h())),
    SAMPLES("Samples", "pool_samples", "calls", events("Calls that ended in the window."), calls(CallStats::samples)),
    THROUGHPUT(
            "ThroughputPerSecond",
            "pool_throughput_calls_per_second",
            "calls/s",
            events("Calls that ended per second over the window."),
            calls(CallStats::throughputPerSecond)),
    ERROR_RATE(
            "ErrorRate",
            "pool_error_ratio",
            "ratio",
            events("Share of the calls in the window that failed; NaN without calls. Cancelled calls have not failed."),
            calls(CallStats::errorRate)),
    UTILIZATION(
            "Utilization",
            "pool_utilization_ratio",
            "ratio",
            events(
                    "Busy slot time in the window, running calls included, divided by the slot time of workers in service, so that one call in a worker with 8 slots is 0.125; NaN if none was."),
            calls(CallStats::utilization)),
    RETRY_RATE(
            "RetriesPerSecond",
            "pool_retries_per_second",
            "retries/s",
            pool("Retries per second over the window."),
            window(PoolWindow::retriesPerSecond)),
    REJECTION_RATE(
            "RejectedPerSecond",
            "pool_rejected_per_second",
            "calls/s",
            pool("Calls refused per second over the window because the queue was full."),
            window(PoolWindow::rejectedPerSecond)),
    RESOLVED_RATE(
            "ResolvedRate",
            "pool_resolved_ratio",
            "ratio",
            pool(
                    "Share of the calls with more than one attempt that ended in the window which succeeded at last; NaN without any."),
            window(PoolWindow::resolvedRate)),
    SENT_RATE(
            "SentBytesPerSecond",
            "pool_sent_bytes_per_second",
            "bytes/s",
            pool("Bytes of calls that were sent to workers per second over the window."),
            window(w -> w.workers().sentBytesPerSecond())),
    RECEIVED_RATE(
            "ReceivedBytesPerSecond",
            "pool_received_bytes_per_second",
            "bytes/s",
            pool("Bytes that workers have sent for calls per second over the window."),
            window(w -> w.workers().receivedBytesPerSecond())),
    AFFINITY(
            "AffinityHitRate",
            "pool_affinity_hit_ratio",
            "ratio",
            pool("Hits divided by the sum of hits and misses in the window; NaN without any."),
            window(PoolWindow::affinityHitRate)),
    WAIT(
            "Wait",
            "pool_wait_seconds",
            "ms",
            events("From the call until it has a worker, or stops waiting"),
            latency(CallStats::waiting, CallLatencies::waiting)),
    EXECUTION(
            "Execution",
            "pool_execution_seconds",
            "ms",
            events("Time in a worker, of the last attempt"),
            latency(CallStats::execution, CallLatencies::execution)),
    TOTAL(
            "Total",
            "pool_total_seconds",
            "ms",
            events("From the call to its end, all attempts and the pauses between them"),
            latency(CallStats::total, CallLatencies::total)),
    START(
            "Start",
            "pool_start_seconds",
            "ms",
            events("From requesting a worker until it is ready"),
            lives(PoolWindow::start, LifeSpan.START)),
    READY_TIME(
            "ReadyTimeMeanMillis",
            "pool_ready_mean_seconds",
            "ms",
            pool(
                    "Time of all workers in the state READY in the window, by the stays that ended in it; NaN if none did."),
            window(w -> w.workers().readyMillis())),
    BUSY_TIME(
            "BusyTimeMeanMillis",
            "pool_busy_mean_seconds",
            "ms",
            pool(
                    "Time of all workers in the state BUSY in the window, by the stays that ended in it; NaN if none did."),
            window(w -> w.workers().busyMillis())),
    DEGRADED_TIME(
            "DegradedTime",
            "pool_degraded_seconds",
            "ms",
            events("Time that workers spent in the state DEGRADED"),
            lives(PoolWindow::degraded, LifeSpan.DEGRADED)),
    DRAINING_TIME(
            "DrainingTime",
            "pool_draining_seconds",
            "ms",
            events("Time that workers spent in the state DRAINING"),
            lives(PoolWindow::draining, LifeSpan.DRAINING)),
    TERMINATING_TIME(
            "TerminatingTime",
            "pool_terminating_seconds",
            "ms",
            events("Time that workers spent in the state TERMINATING"),
            lives(PoolWindow::terminating, LifeSpan.TERMINATING)),
    RECOVERY_TIME(
            "RecoveryTime",
            "pool_recovery_seconds",
            "ms",
            events("From noticing the death of a worker until its replacement is in service"),
            lives(PoolWindow::recovery, LifeSpan.RECOVERY)),
    HEALTH_CHECK_TIME(
            "HealthCheck",
            "pool_health_check_seconds",
            "ms",
            events("From pinging an idle worker until it answers, or the check has failed"),
            lives(PoolWindow::healthCheck, LifeSpan.HEALTH_CHECK));

    private final String attribute;
    private final String exposition;
    private final String unit;
    private final MetricText text;
    private final MetricReader reader;

    Metric(String attribute, String exposition, String unit, MetricText text, MetricReader reader) {
        this.attribute = attribute;
        this.exposition = exposition;
        this.unit = unit;
        this.text = text;
        this.reader = reader;
    }

    /** What a pool counts. */
    Metric(String exposition, String unit, Counter counter) {
        this(
                counter.attribute(),
                exposition,
                unit,
                counted(counter.description()),
                now(n -> n.status().totals().of(counter)));
    }

    /** Returns its name in JMX and in the document, without percentile and window. */
    public String attribute() {
        return attribute;
    }

    /** Returns its name for Prometheus. */
    public String exposition() {
        return "vivarium_" + exposition;
    }

    /** Returns its unit everywhere but for Prometheus, which has seconds. */
    public String unit() {
        return unit;
    }

    /** Returns what it is, in a sentence; of a latency, without the full stop. */
    public String description() {
        return text.description();
    }

    /** Returns the same, with the full stop. */
    String sentence() {
        return description() + (reader.isLatency() ? "." : "");
    }

    /** Returns what it is to Prometheus. */
    public MetricKind kind() {
        return reader.isLatency() ? MetricKind.HISTOGRAM : text.counter() ? MetricKind.COUNTER : MetricKind.GAUGE;
    }

    /** Returns where the numbers come from. */
    public String source() {
        return text.source();
    }

    /** Returns how it is taken from a snapshot. */
    MetricReader reader() {
        return reader;
    }
}
