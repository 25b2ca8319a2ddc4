package org.vivarium.api.management;

/** What machine, JVM and Python processes use; registered as {@code vivarium:type=Resources}. */
@Description("What the machine, the JVM and the Python processes of the service use, looked at every 5 s.")
public interface ResourcesMXBean {

    @Description("Part of the time of all processors of the machine that was used since the look before, 0 to 1.")
    @Unit("ratio")
    double getHostCpu();

    @Description("Processes that run or want to, on average over a minute.")
    @Unit("processes")
    double getHostLoad1m();

    @Description("Memory of the machine.")
    @Unit("bytes")
    long getHostMemoryBytes();

    @Description("Memory of the machine that can be had without swapping.")
    @Unit("bytes")
    long getHostAvailableBytes();

    @Description("Processor time of the JVM since the look before; 100 for one processor.")
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

    @Description("Time that garbage collections took.")
    @Unit("ms")
    long getCollectionMillis();

    @Description("Threads of the JVM.")
    @Unit("threads")
    int getJvmThreads();

    @Description("Descriptors that the JVM has open.")
    @Unit("descriptors")
    int getJvmOpenDescriptors();

    @Description("Python processes of the service, and what they have started.")
    @Unit("processes")
    int getPythonProcesses();

    @Description("Resident memory of all of them, shared pages counted in each.")
    @Unit("bytes")
    long getPythonRssBytes();

    @Description("Processor time of all of them since the look before; 100 for one processor.")
    @Unit("percent")
    double getPythonCpuPercent();

    @Description("Processes that have ended without anybody taking notice, at two looks in a row.")
    @Unit("processes")
    int getZombies();

    @Description("Processes that have lost the process that started them, at two looks in a row.")
    @Unit("processes")
    int getOrphans();

    @Description("Processes that a signal has stopped.")
    @Unit("processes")
    int getStopped();

    @Description("Processes whose memory has been growing of late by a MiB a minute or more.")
    @Unit("processes")
    int getGrowing();

    @Description("How long the last look at all processes took.")
    @Unit("ms")
    double getLookMillis();

    @Description("The Python processes, guardians first.")
    ProcessRow[] getProcesses();
}
