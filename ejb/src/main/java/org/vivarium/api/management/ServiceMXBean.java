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
}
