package org.vivarium.adapter.jmx;

import java.util.Arrays;
import org.vivarium.api.event.EventType;
import org.vivarium.api.management.HandlerRow;
import org.vivarium.api.management.TelemetryMXBean;
import org.vivarium.core.metrics.Metrics;
import org.vivarium.core.telemetry.Telemetry;

/** Shows the stream of events. */
final class TelemetryBean implements TelemetryMXBean {
    private final Telemetry telemetry;
    private final Metrics metrics;

    TelemetryBean(ServiceFacts facts) {
        this.telemetry = facts.telemetry();
        this.metrics = facts.metrics();
    }

    @Override
    public String getEvents() {
        return telemetry.filter().toString();
    }

    @Override
    public long getPublished() {
        return telemetry.published();
    }

    @Override
    public long getDelivered() {
        return telemetry.delivered();
    }

    @Override
    public long getDropped() {
        return telemetry.dropped();
    }

    @Override
    public long getFailures() {
        return telemetry.handlerFailures();
    }

    @Override
    public long getInvalidTraceContexts() {
        return telemetry.invalidTraces();
    }

    @Override
    public int getRingFill() {
        return telemetry.waiting();
    }

    @Override
    public int getRingCapacity() {
        return telemetry.capacity();
    }

    @Override
    public double getLagMillis() {
        return telemetry.lag().toNanos() / 1e6;
    }

    @Override
    public long getHistoryBytes() {
        return metrics.historyBytes();
    }

    @Override
    public long getMaximumBytes() {
        return metrics.maximumBytes();
    }

    @Override
    public long getWindowsDropped() {
        return metrics.windowsDropped();
    }

    @Override
    public long getHistoryDropped() {
        return metrics.historyDropped();
    }

    @Override
    public long getRecorderBytes() {
        return metrics.recorderBytes();
    }

    @Override
    public HandlerRow[] getHandlers() {
        return telemetry.handlers().stream()
                .map(view -> new HandlerRow(
                        view.name(), view.queued(), view.delivered(), view.dropped(), view.failures(), view.waiting()))
                .toArray(HandlerRow[]::new);
    }

    @Override
    public String[] listEvents() {
        return Arrays.stream(EventType.values())
                .map(type -> (telemetry.wants(type) ? "+ " : "- ") + type.dotted() + ": " + type.description())
                .toArray(String[]::new);
    }
}
