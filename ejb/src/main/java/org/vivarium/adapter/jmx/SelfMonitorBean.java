package org.vivarium.adapter.jmx;

import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.api.management.SelfMonitorMXBean;
import org.vivarium.api.view.monitor.SelfView;

/** Shows how the monitoring itself is doing. */
record SelfMonitorBean(Cached<SelfView> view) implements SelfMonitorMXBean {
    @Override
    public boolean isHealthy() {
        return view.get().healthy();
    }

    @Override
    public String[] getProblems() {
        return view.get().checks().stream()
                .filter(check -> !check.problem().isEmpty())
                .map(check -> check.name() + ": " + check.problem())
                .toArray(String[]::new);
    }

    @Override
    public String getLookedAt() {
        return view.get().at().toString();
    }

    @Override
    public CheckRow[] getChecks() {
        return view.get().checks().stream()
                .map(check -> new CheckRow(
                        check.name(), check.problem(), check.since().toString()))
                .toArray(CheckRow[]::new);
    }
}
