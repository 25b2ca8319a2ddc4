package org.vivarium.api.management;

/** What machine, JVM and Python processes use; registered as {@code vivarium:type=Resources}. */
@Description("What the machine, the JVM and the Python processes of the service use, looked at every 5 s.")
public interface ResourcesMXBean {

    @Description("Share of the processor time of the machine that was used since the previous sample, 0 to 1.")
    @Unit("ratio")
    double getHostCpu();

    @Description("Processes that are running or ready to run, on average over a minute.")
    @Unit("processes")
    double getHostLoad1m();

    @Description("Memory of the machine.")
    @Unit("bytes")
    long getHostMemoryBytes();

    @Description("Memory of the machine that is available without swapping.")
    @Unit("bytes")
    long getHostAvailableBytes();

    @Description("Processor time of the JVM since the previous sample; 100 means one processor.")
    @Unit("percent")
    double getJvmCpuPercent();

    @Description("Resident memory of the JVM.")
    @Unit("bytes")
    long getJvmRssBytes();

    @Description("Heap in use.")
    @Unit("bytes")
    long getHeapBytes();

    @Description("Largest heap; -1 if there is no limit.")
    @Unit("bytes")
    long getHeapMaximumBytes();

    @Description("Garbage collections since the start of the JVM.")
    @Unit("collections")
    long getCollections();

    @Description("Time spent in garbage collections.")
    @Unit("ms")
    long getCollectionMillis();

    @Description("Threads of the JVM.")
    @Unit("threads")
    int getJvmThreads();

    @Description("Descriptors that the JVM has open.")
    @Unit("descriptors")
    int getJvmOpenDescriptors();

    @Description("Python processes of the service and their children.")
    @Unit("processes")
    int getPythonProcesses();

    @Description("Resident memory of all these processes, shared pages counted in each.")
    @Unit("bytes")
    long getPythonRssBytes();

    @Description("Processor time of all these processes since the previous sample; 100 means one processor.")
    @Unit("percent")
    double getPythonCpuPercent();

    @Description("Processes that have ended and were not reaped, in two samples in a row.")
    @Unit("processes")
    int getZombies();

    @Description("Processes that have lost the process that started them, in two samples in a row.")
    @Unit("processes")
    int getOrphans();

    @Description("Processes that a signal has stopped.")
    @Unit("processes")
    int getStopped();

    @Description("Processes whose memory has recently been growing by a MiB a minute or more.")
    @Unit("processes")
    int getGrowing();

    @Description("How long the last sample of all processes took.")
    @Unit("ms")
    double getLookMillis();

    @Description("The Python processes, guardians first.")
    ProcessRow[] getProcesses();
}
