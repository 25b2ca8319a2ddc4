package org.vivarium.api.management;

/** The stream of events; registered as {@code vivarium:type=Telemetry}. */
@Description("The stream of events and its handlers.")
@AttributeOrder({
    "Dropped",
    "Failures",
    "LagMillis",
    "RingFill",
    "RingCapacity",
    "InvalidTraceContexts",
    "WindowsDropped",
    "HistoryDropped",
    "HistoryBytes",
    "RecorderBytes",
    "MaximumBytes",
    "Published",
    "Delivered",
    "Events",
    "Handlers"
})
public interface TelemetryMXBean {

    @Description(
            "Which events the log and reporters get, and which events on request are published: comma-separated patterns such as *, worker.* or -call.start.")
    String getEvents();

    @Description("Events that were published, dropped ones included.")
    @Unit("events")
    long getPublished();

    @Description("Events that were taken from the ring and offered to the handlers.")
    @Unit("events")
    long getDelivered();

    @Description("Events that were dropped because the ring was full.")
    @Unit("events")
    long getDropped();

    @Description("How often a handler threw.")
    @Unit("failures")
    long getFailures();

    @Description("Calls whose traceparent, tracestate or baggage was invalid and was left out.")
    @Unit("calls")
    long getInvalidTraceContexts();

    @Description("Events that are in the ring now.")
    @Unit("events")
    int getRingFill();

    @Description("Events that the ring can hold.")
    @Unit("events")
    int getRingCapacity();

    @Description("Greatest age of an event in the ring; normally about 10.")
    @Unit("ms")
    double getLagMillis();

    @Description("Approximate memory of the history of all pools.")
    @Unit("bytes")
    long getHistoryBytes();

    @Description(
            "Memory that windows, objectives and history may take; above it, the oldest points of the finest resolution are dropped first.")
    @Unit("bytes")
    long getMaximumBytes();

    @Description(
            "Time slices of programs and workers that were dropped early because windows alone exceeded the memory budget.")
    @Unit("slices")
    long getWindowsDropped();

    @Description("Points of history that were dropped early because the memory budget was used up.")
    @Unit("points")
    long getHistoryDropped();

    @Description("Approximate memory of windows and objectives; history gets the rest of the budget.")
    @Unit("bytes")
    long getRecorderBytes();

    @Description("The handlers, with the events that each has handled, missed and failed on.")
    HandlerRow[] getHandlers();

    @Description("Lists all events, and marks those that the filter lets through.")
    @Impact(Impact.Kind.INFO)
    String[] listEvents();
}
