package org.vivarium.adapter.jmx;

import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.vivarium.api.management.ProcessRow;
import org.vivarium.api.management.ResourcesMXBean;
import org.vivarium.api.view.resources.ContainerView;
import org.vivarium.api.view.resources.ProcessView;
import org.vivarium.api.view.resources.ResourcesView;

/** Shows what machine, JVM and Python processes use. */
final class ResourcesBean implements ResourcesMXBean {
    private static final ContainerView NO_CONTAINER = new ContainerView("", Double.NaN, Double.NaN, -1, 0, 0);

    private final Supplier<ResourcesView> view;

    ResourcesBean(Supplier<ResourcesView> view) {
        this.view = view;
    }

    @Override
    public int getHostProcessors() {
        return view.get().host().processors();
    }

    @Override
    public double getHostCpu() {
        return view.get().host().cpu();
    }

    @Override
    public double getHostLoad1m() {
        return view.get().host().load1m();
    }

    @Override
    public long getHostMemoryBytes() {
        return view.get().host().memoryBytes();
    }

    @Override
    public long getHostAvailableBytes() {
        return view.get().host().availableBytes();
    }

    @Override
    public long getMachineMemoryBytes() {
        return view.get().host().machine().memoryBytes();
    }

    @Override
    public String getContainer() {
        return container().source();
    }

    @Override
    public double getContainerProcessors() {
        return container().processors();
    }

    @Override
    public long getContainerMemoryLimitBytes() {
        return container().memoryLimitBytes();
    }

    @Override
    public long getContainerMemoryBytes() {
        return container().memoryBytes();
    }

    @Override
    public long getContainerMemoryKills() {
        return container().memoryKills();
    }

    private ContainerView container() {
        return Objects.requireNonNullElse(view.get().host().container(), NO_CONTAINER);
    }

    @Override
    public double getJvmCpuPercent() {
        return view.get().jvm().cpuPercent();
    }

    @Override
    public long getJvmRssBytes() {
        return view.get().jvm().rssBytes();
    }

    @Override
    public long getHeapBytes() {
        return view.get().jvm().heapBytes();
    }

    @Override
    public long getHeapMaximumBytes() {
        return view.get().jvm().heapMaximumBytes();
    }

    @Override
    public long getCollections() {
        return view.get().jvm().collections();
    }

    @Override
    public long getCollectionMillis() {
        return view.get().jvm().collectionMillis();
    }

    @Override
    public int getJvmThreads() {
        return view.get().jvm().threads();
    }

    @Override
    public int getJvmOpenDescriptors() {
        return view.get().jvm().openDescriptors();
    }

    @Override
    public int getPythonProcesses() {
        return view.get().processes().size();
    }

    @Override
    public long getPythonRssBytes() {
        return view.get().processes().stream().mapToLong(ProcessView::rssBytes).sum();
    }

    @Override
    public double getPythonCpuPercent() {
        return view.get().processes().stream()
                .mapToDouble(ProcessView::cpuPercent)
                .filter(Double::isFinite)
                .sum();
    }

    @Override
    public int getZombies() {
        return view.get().zombies();
    }

    @Override
    public int getOrphans() {
        return view.get().orphans();
    }

    @Override
    public int getStopped() {
        return count(process -> process.state().equals("T"));
    }

    @Override
    public int getGrowing() {
        return count(ProcessView::growing);
    }

    private int count(Predicate<ProcessView> which) {
        return (int) view.get().processes().stream().filter(which).count();
    }

    @Override
    public double getLookMillis() {
        return view.get().lookMillis();
    }

    @Override
    public ProcessRow[] getProcesses() {
        return view.get().processes().stream().map(ResourcesBean::row).toArray(ProcessRow[]::new);
    }

    private static ProcessRow row(ProcessView process) {
        return new ProcessRow(
                process.pid(),
                process.parent(),
                process.role().name(),
                Objects.requireNonNullElse(process.name(), ""),
                Objects.requireNonNullElse(process.worker(), ""),
                process.state(),
                process.started().toString(),
                process.rssBytes(),
                process.privateBytes(),
                process.cpuMillis(),
                process.cpuPercent(),
                process.threads(),
                process.openDescriptors(),
                process.growthBytesPerMinute(),
                process.growing());
    }
}
