package org.vivarium.adapter.jmx;

import java.util.ArrayList;
import java.util.List;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.DescribedMBean;
import org.vivarium.adapter.jmx.mbean.DescribedMBean.Parts;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.adapter.jmx.mbean.Pictures;
import org.vivarium.api.management.ServiceMXBean;
import org.vivarium.api.memory.ByteBudget;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.settings.ReloadView;

/** Shows the service as a whole. */
final class ServiceBean implements ServiceMXBean {
    private final ServiceFacts facts;
    private final ServiceOperations service;
    private final JmxCaller caller;
    private final Cached<Picture> picture;

    ServiceBean(ServiceFacts facts, ServiceOperations service, JmxCaller caller, Pictures pictures) {
        this.facts = facts;
        this.service = service;
        this.caller = caller;
        this.picture = pictures.of(() -> Picture.of(facts, service));
    }

    /** What is read together. */
    private record Picture(
            List<String> pools,
            boolean up,
            String configurationProblem,
            long uptimeMillis,
            long telemetryDropped,
            Budget requests,
            Budget results) {
        static Picture of(ServiceFacts facts, ServiceOperations service) {
            return new Picture(
                    service.pools().stream().map(PoolView::name).toList(),
                    service.health().up(),
                    service.configurationProblem(),
                    facts.uptimeMillis().getAsLong(),
                    facts.telemetry().dropped(),
                    Budget.of(service.memory().requests()),
                    Budget.of(service.memory().results()));
        }
    }

    private record Budget(long limit, long used, long refused) {
        static Budget of(ByteBudget budget) {
            return new Budget(budget.limit(), budget.used(), budget.refused());
        }
    }

    /** Returns it as what is registered. */
    DescribedMBean described() {
        return new DescribedMBean(this, ServiceMXBean.class, Parts.of(picture));
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
        return picture.get().pools.toArray(String[]::new);
    }

    @Override
    public boolean isUp() {
        return picture.get().up;
    }

    @Override
    public String getConfigurationProblem() {
        return picture.get().configurationProblem;
    }

    @Override
    public String reloadConfiguration(String reason) {
        picture.forget();
        ReloadView view = service.reload(caller.actor().because(reason));
        List<String> lines = new ArrayList<>();
        view.service().forEach(each -> lines.add("the service: " + each));
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
        return picture.get().uptimeMillis;
    }

    @Override
    public long getTelemetryDropped() {
        return picture.get().telemetryDropped;
    }

    @Override
    public long getRequestBudgetBytes() {
        return picture.get().requests.limit;
    }

    @Override
    public long getRequestBytes() {
        return picture.get().requests.used;
    }

    @Override
    public long getRequestsRefused() {
        return picture.get().requests.refused;
    }

    @Override
    public long getResultBudgetBytes() {
        return picture.get().results.limit;
    }

    @Override
    public long getResultBytes() {
        return picture.get().results.used;
    }

    @Override
    public long getResultsUndelivered() {
        return picture.get().results.refused;
    }
}
