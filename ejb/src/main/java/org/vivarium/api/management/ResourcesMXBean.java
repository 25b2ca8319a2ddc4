package org.vivarium.api.management;

/** What machine, JVM and Python processes use; registered as {@code vivarium:type=Resources}. */
@Description("What the machine, the JVM and the Python processes of the service use, looked at every 5 s.")
@AttributeOrder({
    "Zombies",
    "Orphans",
    "Stopped",
    "Growing",
    "ContainerMemoryKills",
    "HostCpu",
    "HostLoad1m",
    "HostAvailableBytes",
    "ContainerMemoryBytes",
    "ContainerMemoryLimitBytes",
    "PythonCpuPercent",
    "PythonRssBytes",
    "PythonProcesses",
    "JvmCpuPercent",
    "JvmRssBytes",
    "HeapBytes",
    "HeapMaximumBytes",
    "CollectionMillis",
    "Collections",
    "JvmThreads",
    "JvmOpenDescriptors",
    "HostProcessors",
    "HostMemoryBytes",
    "MachineMemoryBytes",
    "Container",
    "ContainerProcessors",
    "LookMillis",
    "Processes"
})
public interface ResourcesMXBean {

    @Description("Processors that the service may use, of the machine or of its container if that allows fewer.")
    @Unit("processors")
    int getHostProcessors();

    @Description(
            "Share of the processor time of the machine, or of the limit of its container if that share is larger, used since the previous sample, 0 to 1.")
    @Unit("ratio")
    double getHostCpu();

    @Description("Processes that are running or ready to run, on average over a minute.")
    @Unit("processes")
    double getHostLoad1m();

    @Description("Memory of the machine, or the limit of its container if that is smaller.")
    @Unit("bytes")
    long getHostMemoryBytes();

    @Description("Memory that is available without swapping, or below the limit of the container if that is less.")
    @Unit("bytes")
    long getHostAvailableBytes();

    @Description("Memory of the machine, whatever a container allows.")
    @Unit("bytes")
    long getMachineMemoryBytes();

    @Description(
            "Where the limits of the container come from, cgroup v1 or cgroup v2; empty if none limits memory or processors.")
    String getContainer();

    @Description("Processors that the container may use; NaN if they are not limited.")
    @Unit("processors")
    double getContainerProcessors();

    @Description("Memory that the container may use; -1 if it is not limited.")
    @Unit("bytes")
    long getContainerMemoryLimitBytes();

    @Description("Memory that the container uses, the cache of files included; 0 without limits.")
    @Unit("bytes")
    long getContainerMemoryBytes();

    @Description("Processes of the container that the kernel has killed for memory; 0 without limits.")
    @Unit("processes")
    long getContainerMemoryKills();

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
