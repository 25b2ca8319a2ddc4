package org.vivarium.adapter.jmx.pool;

import java.time.Instant;
import java.util.List;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.adapter.jmx.mbean.Measured;
import org.vivarium.api.management.WorkerMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.metrics.exposition.Attribute;

/** Shows and steers one worker. */
public final class WorkerBean implements WorkerMXBean {
    private final String worker;
    private final PoolOperations operations;
    private final Cached<PoolPicture> picture;
    private final JmxCaller caller;

    public WorkerBean(String worker, PoolOperations operations, Cached<PoolPicture> picture, JmxCaller caller) {
        this.worker = worker;
        this.operations = operations;
        this.picture = picture;
        this.caller = caller;
    }

    private WorkerView view() {
        return picture.get().worker(worker);
    }

    /** Returns the numbers of its calls in the last minute. */
    public Measured<CallStats> measured() {
        return new Measured<>(Attribute.ofCalls(), () -> picture.get().callsOf(worker));
    }

    @Override
    public String getState() {
        return view().state().name();
    }

    @Override
    public String getHealth() {
        return view().health().name();
    }

    @Override
    public int getHealthFailures() {
        return view().healthFailures();
    }

    @Override
    public double getSilentMillis() {
        return view().silentMillis();
    }

    @Override
    public long getErrors() {
        return view().errors();
    }

    @Override
    public long getCalls() {
        return view().calls();
    }

    @Override
    public boolean isInService() {
        return view().inService();
    }

    @Override
    public int getBusySlots() {
        return view().busySlots();
    }

    @Override
    public int getSlots() {
        return view().slots();
    }

    @Override
    public double getAgeSeconds() {
        return WorkersBean.ageSeconds(view(), picture.get().at());
    }

    @Override
    public int getGeneration() {
        return view().generation();
    }

    @Override
    public long getPid() {
        return view().pid();
    }

    @Override
    public String getProcessState() {
        return view().processState();
    }

    @Override
    public long getRssBytes() {
        return view().rssBytes();
    }

    @Override
    public long getPrivateBytes() {
        return view().privateBytes();
    }

    @Override
    public long getCpuMillis() {
        return view().cpuMillis();
    }

    @Override
    public int getThreads() {
        return view().threads();
    }

    @Override
    public int getOpenDescriptors() {
        return view().openDescriptors();
    }

    @Override
    public long getSentBytes() {
        return view().sentBytes();
    }

    @Override
    public long getReceivedBytes() {
        return view().receivedBytes();
    }

    @Override
    public String getStarted() {
        return view().started().toString();
    }

    @Override
    public String getLastCheck() {
        Instant last = view().lastCheck();
        return last == null ? "" : last.toString();
    }

    @Override
    public List<String> history() {
        return operations.worker(worker).history().stream()
                .map(WorkersBean::line)
                .toList();
    }

    @Override
    public void recycle() {
        operations.recycle(worker, caller.actor());
        picture.forget();
    }

    @Override
    public long collectGarbage() {
        return operations.collectGarbage(worker, caller.actor());
    }

    @Override
    public String dumpStacks() {
        return operations.dumpStacks(worker);
    }
}
