package org.vivarium.api.management;

import java.util.List;

/**
 * One worker; registered as {@code vivarium:type=Worker,pool=<name>,worker=<worker>} for the 32 oldest of each pool.
 * The numbers of its calls in the last minute are attributes besides these.
 */
@Description("One worker of a pool.")
@AttributeOrder({
    "State",
    "Health",
    "HealthFailures",
    "SilentMillis",
    "Errors",
    "ErrorRate1m",
    "InService",
    "BusySlots",
    "Slots",
    "Utilization1m",
    "Calls",
    "ThroughputPerSecond1m",
    "RssBytes",
    "PrivateBytes",
    "CpuMillis",
    "Threads",
    "OpenDescriptors",
    "ProcessState",
    "SentBytes",
    "ReceivedBytes",
    "AgeSeconds",
    "Started",
    "LastCheck",
    "Generation",
    "Pid"
})
public interface WorkerMXBean {

    @Description("INITIALIZING, READY, BUSY, DEGRADED, DRAINING, TERMINATING or TERMINATED.")
    String getState();

    @Description("What its last health check said: UNKNOWN, HEALTHY or UNHEALTHY.")
    String getHealth();

    @Description("Failed health checks in a row.")
    @Unit("checks")
    int getHealthFailures();

    @Description("For how long it has sent no sign of life, in steps of about a second; 0 if it just did.")
    @Unit("ms")
    double getSilentMillis();

    @Description("Calls that failed in it.")
    @Unit("calls")
    long getErrors();

    @Description("Calls that it has had.")
    @Unit("calls")
    long getCalls();

    @Description("Whether it is given calls; one that is ready and is not is a spare.")
    boolean isInService();

    @Description("Slots that have a call.")
    @Unit("slots")
    int getBusySlots();

    @Description("How many calls it can have at a time; 0 before its process was asked for.")
    @Unit("slots")
    int getSlots();

    @Description("How long it has been there.")
    @Unit("s")
    double getAgeSeconds();

    @Description("Generation of the Python code that it runs; the first is 1.")
    @Unit("generation")
    int getGeneration();

    @Description("Process id; 0 while it is not known yet.")
    @Unit("pid")
    long getPid();

    @Description(
            "What the kernel says of the process: R runs, S sleeps, D waits for a device, T is stopped, Z has ended; empty before the first sample, as the figures of the process are 0.")
    String getProcessState();

    @Description("Resident memory, pages that it shares with others included.")
    @Unit("bytes")
    long getRssBytes();

    @Description("Resident memory of its own, sampled more rarely.")
    @Unit("bytes")
    long getPrivateBytes();

    @Description("Processor time since the process started.")
    @Unit("ms")
    long getCpuMillis();

    @Description("Threads of the process.")
    @Unit("threads")
    int getThreads();

    @Description("Descriptors that the process has open.")
    @Unit("descriptors")
    int getOpenDescriptors();

    @Description("Bytes of calls that were sent to it.")
    @Unit("bytes")
    long getSentBytes();

    @Description("Bytes of calls that it has sent.")
    @Unit("bytes")
    long getReceivedBytes();

    @Description("When it was started, as an instant.")
    String getStarted();

    @Description("When its health was last checked, as an instant; empty before the first time.")
    String getLastCheck();

    @Description("The most recent changes of its state, oldest first.")
    @Impact(Impact.Kind.INFO)
    List<String> history();

    @Description("Replaces it; the replacement is ready before it drains. Returns at once.")
    @Impact(Impact.Kind.ACTION)
    void recycle();

    @Description(
            "Has it collect its garbage and returns how many unreachable objects it found; refused while it has no free slot.")
    @Impact(Impact.Kind.ACTION)
    long collectGarbage();

    @Description("Returns the Python stacks of all its threads; it goes on.")
    @Impact(Impact.Kind.INFO)
    String dumpStacks();
}
