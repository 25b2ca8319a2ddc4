package org.vivarium.core.runtime;

import java.util.concurrent.CompletableFuture;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.process.WorkerLauncher;
import org.vivarium.core.process.WorkerListener;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.WorkerRequest;
import org.vivarium.core.process.cgroup.MemoryKills;
import org.vivarium.core.process.host.PythonHost;

/** Gives pools their processes, within the memory of the container. */
record HostedWorkers(PythonHost host, MemoryKills container) implements WorkerLauncher {
    @Override
    public CompletableFuture<WorkerProcess> launch(
            PythonSettings python, WorkerRequest request, WorkerListener listener) {
        return host.launch(python, request, listener);
    }

    @Override
    public void retire(PythonSettings python, String edition, String pool) {
        host.retire(python, edition, pool);
    }

    @Override
    public long memoryFreeBytes() {
        return container.sample().memoryFreeBytes();
    }
}
