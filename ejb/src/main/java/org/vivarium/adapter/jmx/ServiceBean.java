package org.vivarium.adapter.jmx;

import org.vivarium.api.management.ServiceMXBean;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.PoolView;

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
    public long getResultBytes() {
        return service.memory().results().used();
    }

    @Override
    public long getResultsUndelivered() {
        return service.memory().results().refused();
    }
}
