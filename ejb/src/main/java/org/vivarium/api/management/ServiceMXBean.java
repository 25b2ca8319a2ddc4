package org.vivarium.api.management;

/** The service as a whole; registered as {@code vivarium:type=Service}. */
@Description("The Vivarium service as a whole.")
public interface ServiceMXBean {

    @Description("Version of the service.")
    String getVersion();

    @Description("Id of this run, carried by every Python process of ours as VIVARIUM_RUN.")
    String getRunId();

    @Description("Names of all configured pools.")
    String[] getPools();

    @Description("Whether every pool can serve.")
    boolean isUp();

    @Description("Private directory of this run: socket and unpacked Python package.")
    String getRunDirectory();

    @Description("Time since the service started.")
    @Unit("ms")
    long getUptimeMillis();

    @Description("Telemetry events that were dropped because the ring was full.")
    @Unit("events")
    long getTelemetryDropped();

    @Description(
            "Memory that request bodies above 64 KiB may take together; beyond it they are refused with status 503.")
    @Unit("bytes")
    long getRequestBudgetBytes();

    @Description("Memory that request bodies above 64 KiB take now.")
    @Unit("bytes")
    long getRequestBytes();

    @Description("Requests whose body was refused for lack of room.")
    @Unit("requests")
    long getRequestsRefused();

    @Description(
            "Memory that results above 64 KiB may take together; beyond it they wait in their workers, until the deadline of their call at most.")
    @Unit("bytes")
    long getResultBudgetBytes();

    @Description("Memory that results above 64 KiB take now.")
    @Unit("bytes")
    long getResultBytes();

    @Description("Calls that ended as ResultUndelivered.")
    @Unit("calls")
    long getResultsUndelivered();
}
