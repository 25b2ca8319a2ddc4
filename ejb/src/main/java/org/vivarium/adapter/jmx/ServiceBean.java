package org.vivarium.adapter.jmx;

import java.util.ArrayList;
import java.util.List;
import org.vivarium.adapter.jmx.pool.PoolBean;
import org.vivarium.api.management.ServiceMXBean;
import org.vivarium.api.memory.ByteBudget;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.settings.ReloadView;
import org.vivarium.core.changes.Change;
import org.vivarium.core.config.MemorySettings;

/** Shows the service as a whole. */
final class ServiceBean implements ServiceMXBean {
    private final ServiceFacts facts;
    private final ServiceOperations service;

    ServiceBean(ServiceFacts facts, ServiceOperations service) {
        this.facts = facts;
        this.service = service;
    }

    @Override
    public String getVersion() {
        return facts.version();
    }

    @Override
    public String getRunId() {
        return facts.runId();
    }

    @Override
    public String[] getPools() {
        return service.pools().stream().map(PoolView::name).toArray(String[]::new);
    }

    @Override
    public boolean isUp() {
        return service.health().up();
    }

    @Override
    public String getConfigurationProblem() {
        return service.configurationProblem();
    }

    @Override
    public String reloadConfiguration(String reason) {
        ReloadView view = service.reload(PoolBean.ACTOR.because(reason));
        List<String> lines = new ArrayList<>();
        view.changes().forEach((pool, made) -> made.forEach(each -> lines.add("pool " + pool + ": " + each)));
        lines.addAll(view.later());
        view.problems().forEach((pool, problem) -> lines.add("pool " + pool + " goes on as it was: " + problem));
        return lines.isEmpty() ? "nothing" : String.join("\n", lines);
    }

    @Override
    public String getRunDirectory() {
        return facts.runDirectory();
    }

    @Override
    public long getUptimeMillis() {
        return facts.uptimeMillis().getAsLong();
    }

    @Override
    public long getTelemetryDropped() {
        return facts.telemetry().dropped();
    }

    @Override
    public long getRequestBudgetBytes() {
        return service.memory().requests().limit();
    }

    @Override
    public void setRequestBudgetBytes(long bytes) {
        change("RequestBudgetBytes", service.memory().requests(), bytes);
    }

    @Override
    public long getRequestBytes() {
        return service.memory().requests().used();
    }

    @Override
    public long getRequestsRefused() {
        return service.memory().requests().refused();
    }

    @Override
    public long getResultBudgetBytes() {
        return service.memory().results().limit();
    }

    @Override
    public void setResultBudgetBytes(long bytes) {
        change("ResultBudgetBytes", service.memory().results(), bytes);
    }

    @Override
    public long getResultBytes() {
        return service.memory().results().used();
    }

    @Override
    public long getResultsUndelivered() {
        return service.memory().results().refused();
    }

    private void change(String attribute, ByteBudget budget, long bytes) {
        Change change = Change.of(PoolBean.ACTOR, "configure", null)
                .about("parameter", "Service." + attribute)
                .from(budget.limit(), bytes);
        try {
            MemorySettings.checkedBytes(bytes);
        } catch (IllegalArgumentException e) {
            String why = attribute + ' ' + e.getMessage();
            facts.changes().refused(change, why);
            throw new IllegalArgumentException(why, e);
        }
        facts.changes().record(change);
        budget.limit(bytes);
    }
}
