package org.vivarium.core.resource;

import java.util.function.ToDoubleFunction;
import org.vivarium.api.view.resources.ContainerView;
import org.vivarium.api.view.resources.ProcessView;
import org.vivarium.api.view.resources.ResourcesView;

/**
 * The one place where a number about machine, JVM and processes is described; samples for Prometheus are made from it,
 * {@code docs/METRICS.md} and what JMX says are compared with it by a test.
 */
@SuppressWarnings("ImmutableEnumChecker") // its functions keep nothing
public enum ResourceMetric {
    HOST_PROCESSORS(
            "host_processors",
            "HostProcessors",
            "Processors that the service may use, of the machine or of its container if that allows fewer.",
            all(view -> view.host().processors())),
    HOST_CPU(
            "host_cpu_ratio",
            "HostCpu",
            "Share of the processor time of the machine, or of the limit of its container if that share is larger, used since the previous sample, 0 to 1.",
            all(view -> view.host().cpu())),
    HOST_LOAD(
            "host_load_processes",
            "HostLoad1m",
            "Processes that are running or ready to run, on average over a minute.",
            all(view -> view.host().load1m())),
    HOST_MEMORY(
            "host_memory_bytes",
            "HostMemoryBytes",
            "Memory of the machine, or the limit of its container if that is smaller.",
            all(view -> view.host().memoryBytes())),
    HOST_AVAILABLE(
            "host_available_memory_bytes",
            "HostAvailableBytes",
            "Memory that is available without swapping, or below the limit of the container if that is less.",
            all(view -> view.host().availableBytes())),
    MACHINE_MEMORY(
            "machine_memory_bytes",
            "MachineMemoryBytes",
            "Memory of the machine, whatever a container allows.",
            all(view -> view.host().machine().memoryBytes())),
    CONTAINER_PROCESSORS(
            "container_processors",
            "ContainerProcessors",
            "Processors that the container may use; NaN if they are not limited.",
            container(Double.NaN, ContainerView::processors)),
    CONTAINER_LIMIT(
            "container_memory_limit_bytes",
            "ContainerMemoryLimitBytes",
            "Memory that the container may use; -1 if it is not limited.",
            container(-1, ContainerView::memoryLimitBytes)),
    CONTAINER_MEMORY(
            "container_memory_bytes",
            "ContainerMemoryBytes",
            "Memory that the container uses, the cache of files included; 0 without limits.",
            container(0, ContainerView::memoryBytes)),
    CONTAINER_KILLS(
            "container_memory_kills_total",
            "ContainerMemoryKills",
            "Processes of the container that the kernel has killed for memory; 0 without limits.",
            container(0, ContainerView::memoryKills)),
    JVM_CPU(
            "jvm_cpu_seconds_total",
            "",
            "Processor time of the JVM since it started.",
            all(view -> seconds((double) view.jvm().cpuMillis()))),
    JVM_RSS(
            "jvm_resident_bytes",
            "JvmRssBytes",
            "Resident memory of the JVM.",
            all(view -> view.jvm().rssBytes())),
    HEAP("jvm_heap_bytes", "HeapBytes", "Heap in use.", all(view -> view.jvm().heapBytes())),
    HEAP_MAXIMUM(
            "jvm_heap_maximum_bytes",
            "HeapMaximumBytes",
            "Largest heap; -1 if there is no limit.",
            all(view -> view.jvm().heapMaximumBytes())),
    COLLECTIONS(
            "jvm_collections_total",
            "Collections",
            "Garbage collections since the start of the JVM.",
            all(view -> view.jvm().collections())),
    COLLECTION_TIME(
            "jvm_collection_seconds_total",
            "CollectionMillis",
            "Time spent in garbage collections.",
            all(view -> seconds((double) view.jvm().collectionMillis()))),
    JVM_THREADS(
            "jvm_threads",
            "JvmThreads",
            "Threads of the JVM.",
            all(view -> view.jvm().threads())),
    JVM_DESCRIPTORS(
            "jvm_open_descriptors",
            "JvmOpenDescriptors",
            "Descriptors that the JVM has open.",
            all(view -> view.jvm().openDescriptors())),
    ZOMBIES(
            "zombie_processes",
            "Zombies",
            "Processes that have ended and were not reaped, in two samples in a row.",
            all(ResourcesView::zombies)),
    ORPHANS(
            "orphan_processes",
            "Orphans",
            "Processes that have lost the process that started them, in two samples in a row.",
            all(ResourcesView::orphans)),
    LOOK(
            "resources_look_seconds",
            "LookMillis",
            "How long the last sample of all processes took.",
            all(view -> seconds(view.lookMillis()))),
    PROCESSES("processes", "", "Processes below the service, by role.", role(process -> 1)),
    RSS_OF_ROLE(
            "processes_resident_bytes",
            "",
            "Resident memory of these processes, shared pages counted in each.",
            role(ProcessView::rssBytes)),
    WORKER_RSS(
            "worker_resident_bytes",
            "",
            "Resident memory of the worker, shared pages included.",
            worker(ProcessView::rssBytes)),
    WORKER_PRIVATE(
            "worker_private_bytes",
            "",
            "Resident memory of the worker that it shares with no other process, sampled once a minute.",
            worker(ProcessView::privateBytes)),
    WORKER_CPU(
            "worker_cpu_seconds_total",
            "",
            "Processor time of the worker since it started.",
            worker(process -> seconds((double) process.cpuMillis()))),
    WORKER_THREADS("worker_threads", "", "Threads of the worker.", worker(ProcessView::threads)),
    WORKER_DESCRIPTORS(
            "worker_open_descriptors",
            "",
            "Descriptors that the worker has open.",
            worker(ProcessView::openDescriptors)),
    WORKER_GROWTH(
            "worker_growth_bytes_per_minute",
            "",
            "Trend of the worker's resident memory; NaN until there are three samples.",
            worker(ProcessView::growthBytesPerMinute));

    private static final double MILLIS_PER_SECOND = 1_000;

    private final String exposition;
    private final String attribute;
    private final String description;
    private final Take take;

    ResourceMetric(String exposition, String attribute, String description, Take take) {
        this.exposition = exposition;
        this.attribute = attribute;
        this.description = description;
        this.take = take;
    }

    /** Returns its name for Prometheus. */
    public String exposition() {
        return "vivarium_" + exposition;
    }

    /** Returns its name in JMX; empty if it is in the table of processes there. */
    public String attribute() {
        return attribute;
    }

    /** Returns what it is, in a sentence. */
    public String description() {
        return description;
    }

    /** Returns whether it only rises. */
    public boolean isCounter() {
        return exposition.endsWith("_total");
    }

    /** Returns how it is taken from a snapshot. */
    public Take take() {
        return take;
    }

    private static Take all(ToDoubleFunction<ResourcesView> read) {
        return new OfAll(read);
    }

    private static Take container(double without, ToDoubleFunction<ContainerView> read) {
        return all(view -> {
            ContainerView container = view.host().container();
            return container == null ? without : read.applyAsDouble(container);
        });
    }

    private static Take role(ToDoubleFunction<ProcessView> read) {
        return new OfRole(read);
    }

    private static Take worker(ToDoubleFunction<ProcessView> read) {
        return new OfWorker(read);
    }

    private static double seconds(double millis) {
        return millis / MILLIS_PER_SECOND;
    }

    /** How a number is taken from a snapshot. */
    public sealed interface Take permits OfAll, OfRole, OfWorker {}

    /** There is one. */
    record OfAll(ToDoubleFunction<ResourcesView> read) implements Take {}

    /** Is added up for all processes of a role, with label {@code role}. */
    record OfRole(ToDoubleFunction<ProcessView> read) implements Take {}

    /** Of each worker, with labels {@code pool} and {@code worker}. */
    record OfWorker(ToDoubleFunction<ProcessView> read) implements Take {}
}
