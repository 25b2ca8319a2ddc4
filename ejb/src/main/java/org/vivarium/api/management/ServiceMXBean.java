package org.vivarium.api.management;

/** The service as a whole; registered as {@code vivarium:type=Service}. */
@Description("The Vivarium service as a whole.")
@AttributeOrder({
    "Up",
    "ConfigurationProblem",
    "UptimeMillis",
    "TelemetryDropped",
    "RequestsRefused",
    "RequestBytes",
    "RequestBudgetBytes",
    "ResultsUndelivered",
    "ResultBytes",
    "ResultBudgetBytes",
    "Pools",
    "Version",
    "RunId",
    "RunDirectory"
})
public interface ServiceMXBean {

    @Description("Version of the service.")
    String getVersion();

    @Description("Id of this run, carried by every Python process of ours as VIVARIUM_RUN.")
    String getRunId();

    @Description("Names of all configured pools.")
    String[] getPools();

    @Description("Whether every pool can serve.")
    boolean isUp();

    @Description(
            "What is wrong with the configuration as it is on the disk, where the last good one holds; empty if nothing is.")
    String getConfigurationProblem();

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

    @Description(
            "Reads the configuration again and returns what changed; the service does so by itself after a file has changed.")
    @Impact(Impact.Kind.ACTION)
    String reloadConfiguration(
            @Description("Why, for the change log; may be empty.") @Example("shorter timeouts") String reason);
}
