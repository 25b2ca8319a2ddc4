package org.vivarium.adapter.jmx;

import org.vivarium.api.management.ServiceMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.PoolView;

/** Shows the service as a whole. */
final class ServiceBean implements ServiceMXBean {
    private final ServiceFacts facts;
    private final PoolOperations operations;

    ServiceBean(ServiceFacts facts, PoolOperations operations) {
        this.facts = facts;
        this.operations = operations;
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
        return operations.pools().stream().map(PoolView::name).toArray(String[]::new);
    }

    @Override
    public boolean isUp() {
        return operations.health().up();
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
}
