package org.vivarium.api.management;

/** The stream of events; registered as {@code vivarium:type=Telemetry}. */
@Description("The stream of events and those who hear them.")
public interface TelemetryMXBean {

    @Description(
            "Which events log and reporters hear, and which of those on request are published: patterns such as *, worker.* or -call.start, with commas.")
    String getEvents();

    /** Sets the patterns; refuses those that stand for no event. */
    void setEvents(String patterns);

    @Description("Events that were published, those that were dropped included.")
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

    @Description("Calls that came with a traceparent, tracestate or baggage that was not valid; it was left out.")
    @Unit("calls")
    long getInvalidTraceContexts();

    @Description("Events that are in the ring now.")
    @Unit("events")
    int getRingFill();

    @Description("Events that the ring can hold.")
    @Unit("events")
    int getRingCapacity();

    @Description("How old an event in the ring can be at most; about 10 while all is well.")
    @Unit("ms")
    double getLagMillis();

    @Description("Memory that the history of all pools takes, about.")
    @Unit("bytes")
    long getHistoryBytes();

    @Description(
            "Memory that windows, objectives and history may take; beyond, the oldest of the finest detail of history goes first.")
    @Unit("bytes")
    @Range(minimum = 1L << 20, maximum = 64L << 30)
    long getMaximumBytes();

    /** Sets the budget, until the service stops. */
    void setMaximumBytes(long bytes);

    @Description("Points of history that went before their time because memory was short.")
    @Unit("points")
    long getHistoryDropped();

    @Description("Memory that the windows of 15 minutes and the objectives take, about; history has what they leave.")
    @Unit("bytes")
    long getRecorderBytes();

    @Description("The handlers, and what each has heard, missed and failed at.")
    HandlerRow[] getHandlers();

    @Description("Lists all kinds of events, those that are wanted now marked.")
    @Impact(Impact.Kind.INFO)
    String[] listEvents();
}
