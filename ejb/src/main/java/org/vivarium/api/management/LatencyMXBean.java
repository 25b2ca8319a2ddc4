package org.vivarium.api.management;

import java.util.Map;

/**
 * The calls of one program; registered as {@code vivarium:type=Latency,pool=<name>,program=<program>}. Its numbers of
 * the last minute are attributes besides these.
 */
@Description("How many calls one program had and how long they took.")
@AttributeOrder({"Errors", "ErrorRate1m", "Calls", "ThroughputPerSecond1m", "Program"})
public interface LatencyMXBean {

    @Description("Name of the program.")
    String getProgram();

    @Description("Calls of the program that ended since the service started.")
    @Unit("calls")
    long getCalls();

    @Description("Calls that failed; cancelled calls excluded.")
    @Unit("calls")
    long getErrors();

    @Description("Returns the metrics of the program in a window, by name; NaN means no data.")
    @Impact(Impact.Kind.INFO)
    Map<String, Double> metrics(@Description("1m, 5m or 15m.") String window);
}
