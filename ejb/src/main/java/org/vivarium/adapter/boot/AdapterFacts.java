package org.vivarium.adapter.boot;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.ProgramView;
import org.vivarium.api.view.worker.WorkerView;

/**
 * What {@link org.vivarium.api.PythonPool#healthCheck} and {@link org.vivarium.api.PythonPool#getStats} answer: maps of
 * JDK values, under names with the unit in them. Thread safe.
 */
final class AdapterFacts {
    private static final List<String> CAPABILITIES =
            List.of("sessions", "streaming", "progress", "binary", "cancellation", "priorities");

    private final ServiceOperations service;

    AdapterFacts(ServiceOperations service) {
        this.service = service;
    }

    /** Returns whether {@code pool} can serve. */
    Map<String, Object> health(String pool) {
        PoolView view = service.pool(pool).view();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("status", status(view));
        facts.put("pool", view.name());
        facts.put("message", Objects.requireNonNullElse(view.problem(), ""));
        facts.put("state", view.state());
        facts.put("workers", view.size());
        facts.put("ready", view.ready());
        return facts;
    }

    private static String status(PoolView view) {
        boolean working = view.state().equals("RUNNING") || view.state().equals("DEGRADED");
        boolean serves = view.state().equals("IDLE") || (working && view.ready() > 0);
        if (!serves) {
            return "unhealthy";
        }
        return view.problem() == null && !view.state().equals("DEGRADED") ? "ok" : "degraded";
    }

    /** Returns what {@code pool} is doing and has counted. */
    Map<String, Object> stats(String pool, boolean withWorkers) {
        PoolView view = service.pool(pool).view();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("pool", view.name());
        facts.put("adapter", "vivarium");
        facts.put(
                "uptime_seconds", Duration.between(view.since(), Instant.now()).toSeconds());
        facts.put("pool_status", status(view, view.rollout().state()));
        facts.put("call_stats", calls(view.totals()));
        facts.put("worker_stats", workers(view));
        facts.put(
                "programs",
                service.pool(pool).programs().stream().map(ProgramView::name).toList());
        facts.put("capabilities", CAPABILITIES);
        if (withWorkers) {
            facts.put(
                    "workers",
                    service.pool(pool).workers().stream()
                            .map(AdapterFacts::worker)
                            .toList());
        }
        return facts;
    }

    private static Map<String, Object> status(PoolView view, String rollout) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("status", status(view));
        facts.put("state", view.state());
        facts.put("problem", Objects.requireNonNullElse(view.problem(), ""));
        facts.put("size", view.size());
        facts.put("minimum", view.minimum());
        facts.put("maximum", view.maximum());
        facts.put("target", view.target());
        facts.put("waiting", view.waiting());
        facts.put("oldest_wait_millis", view.oldestWaitMillis());
        facts.put("generation", view.generation());
        facts.put("rollout", rollout);
        return facts;
    }

    private static Map<String, Object> calls(PoolTotals totals) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("calls", totals.calls());
        facts.put("errors", totals.errors());
        facts.put("timeouts", totals.timeouts());
        facts.put("rejected", totals.rejected());
        return facts;
    }

    private static Map<String, Object> workers(PoolView view) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("ready", view.ready());
        facts.put("busy", view.busy());
        facts.put("idle", view.idle());
        facts.put("starting", view.starting());
        facts.put("degraded", view.degraded());
        facts.put("draining", view.draining());
        facts.put("spares", view.spares());
        facts.put("started", view.totals().started());
        facts.put("died", view.totals().died());
        facts.put("recycled", view.totals().recycled());
        return facts;
    }

    private static Map<String, Object> worker(WorkerView worker) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("worker", worker.id());
        facts.put("pid", worker.pid());
        facts.put("state", worker.state().name());
        facts.put("health", worker.health().name());
        facts.put("calls", worker.calls());
        facts.put("errors", worker.errors());
        facts.put("rss_bytes", worker.rssBytes());
        facts.put("private_bytes", worker.privateBytes());
        facts.put("cpu_millis", worker.cpuMillis());
        return facts;
    }
}
