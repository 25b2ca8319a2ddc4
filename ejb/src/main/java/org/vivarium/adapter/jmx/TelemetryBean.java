package org.vivarium.adapter.jmx;

import java.util.Arrays;
import java.util.List;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.DescribedMBean;
import org.vivarium.adapter.jmx.mbean.DescribedMBean.Parts;
import org.vivarium.adapter.jmx.mbean.Pictures;
import org.vivarium.api.event.EventType;
import org.vivarium.api.management.HandlerRow;
import org.vivarium.api.management.TelemetryMXBean;
import org.vivarium.core.metrics.Metrics;
import org.vivarium.core.telemetry.Telemetry;

/** Shows the stream of events. */
final class TelemetryBean implements TelemetryMXBean {
    private final Telemetry telemetry;
    private final Metrics metrics;
    private final Cached<Picture> picture;

    TelemetryBean(ServiceFacts facts, Pictures pictures) {
        this.telemetry = facts.telemetry();
        this.metrics = facts.metrics();
        this.picture = pictures.of(this::look);
    }

    /** What is read together. */
    private record Picture(
            String events,
            long published,
            long delivered,
            long dropped,
            long failures,
            long invalidTraces,
            int waiting,
            double lagMillis,
            long historyBytes,
            long maximumBytes,
            long windowsDropped,
            long historyDropped,
            long recorderBytes,
            List<HandlerRow> handlers) {}

    private Picture look() {
        return new Picture(
                telemetry.filter().toString(),
                telemetry.published(),
                telemetry.delivered(),
                telemetry.dropped(),
                telemetry.handlerFailures(),
                telemetry.invalidTraces(),
                telemetry.waiting(),
                telemetry.lag().toNanos() / 1e6,
                metrics.historyBytes(),
                metrics.maximumBytes(),
                metrics.windowsDropped(),
                metrics.historyDropped(),
                metrics.recorderBytes(),
                telemetry.handlers().stream()
                        .map(view -> new HandlerRow(
                                view.name(),
                                view.queued(),
                                view.delivered(),
                                view.dropped(),
                                view.failures(),
                                view.waiting()))
                        .toList());
    }

    /** Returns it as what is registered. */
    DescribedMBean described() {
        return new DescribedMBean(this, TelemetryMXBean.class, Parts.of(picture));
    }

    @Override
    public String getEvents() {
        return picture.get().events;
    }

    @Override
    public long getPublished() {
        return picture.get().published;
    }

    @Override
    public long getDelivered() {
        return picture.get().delivered;
    }

    @Override
    public long getDropped() {
        return picture.get().dropped;
    }

    @Override
    public long getFailures() {
        return picture.get().failures;
    }

    @Override
    public long getInvalidTraceContexts() {
        return picture.get().invalidTraces;
    }

    @Override
    public int getRingFill() {
        return picture.get().waiting;
    }

    @Override
    public int getRingCapacity() {
        return telemetry.capacity();
    }

    @Override
    public double getLagMillis() {
        return picture.get().lagMillis;
    }

    @Override
    public long getHistoryBytes() {
        return picture.get().historyBytes;
    }

    @Override
    public long getMaximumBytes() {
        return picture.get().maximumBytes;
    }

    @Override
    public long getWindowsDropped() {
        return picture.get().windowsDropped;
    }

    @Override
    public long getHistoryDropped() {
        return picture.get().historyDropped;
    }

    @Override
    public long getRecorderBytes() {
        return picture.get().recorderBytes;
    }

    @Override
    public HandlerRow[] getHandlers() {
        return picture.get().handlers.toArray(HandlerRow[]::new);
    }

    @Override
    public String[] listEvents() {
        return Arrays.stream(EventType.values())
                .map(type -> (telemetry.wants(type) ? "+ " : "- ") + type.dotted() + ": " + type.description())
                .toArray(String[]::new);
    }
}
