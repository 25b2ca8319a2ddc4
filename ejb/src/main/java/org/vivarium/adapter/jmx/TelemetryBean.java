package org.vivarium.adapter.jmx;

import java.util.Arrays;
import java.util.function.Supplier;
import org.vivarium.adapter.jmx.pool.PoolBean;
import org.vivarium.api.event.EventFilter;
import org.vivarium.api.event.EventType;
import org.vivarium.api.management.HandlerRow;
import org.vivarium.api.management.TelemetryMXBean;
import org.vivarium.core.changes.Change;
import org.vivarium.core.changes.ChangeRecorder;
import org.vivarium.core.config.TelemetrySettings;
import org.vivarium.core.metrics.Metrics;
import org.vivarium.core.telemetry.Telemetry;

/** Shows the stream of events and sets its filter. */
final class TelemetryBean implements TelemetryMXBean {
    private final Telemetry telemetry;
    private final Metrics metrics;
    private final ChangeRecorder changes;

    TelemetryBean(ServiceFacts facts) {
        this.telemetry = facts.telemetry();
        this.metrics = facts.metrics();
        this.changes = facts.changes();
    }

    @Override
    public String getEvents() {
        return telemetry.filter().toString();
    }

    @Override
    public void setEvents(String patterns) {
        if (patterns == null) {
            throw new IllegalArgumentException("Events must be comma-separated patterns, was null");
        }
        Change change = change("Events", telemetry.filter(), patterns);
        EventFilter changed = checked(change, () -> EventFilter.parse(patterns));
        changes.record(change.from(change.before(), changed));
        telemetry.filter(changed);
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
    public void setMaximumBytes(long bytes) {
        Change change = change("MaximumBytes", metrics.maximumBytes(), bytes);
        long checked = checked(change, () -> {
            try {
                return TelemetrySettings.checkedBytes(bytes);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("MaximumBytes " + e.getMessage(), e);
            }
        });
        changes.record(change);
        metrics.rememberIn(checked);
    }

    private static Change change(String parameter, Object from, Object to) {
        return Change.of(PoolBean.ACTOR, "configure", null)
                .about("parameter", "Telemetry." + parameter)
                .from(from, to);
    }

    /** Returns what {@code check} returns, or records why it refuses {@code change}. */
    private <T> T checked(Change change, Supplier<T> check) {
        try {
            return check.get();
        } catch (IllegalArgumentException e) {
            changes.refused(change, String.valueOf(e.getMessage()));
            throw e;
        }
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
