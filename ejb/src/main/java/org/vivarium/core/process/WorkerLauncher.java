package org.vivarium.core.process;

import java.util.concurrent.CompletableFuture;
import org.vivarium.core.config.PythonSettings;

/** Starts worker processes: {@code PythonHost}, or a fake that tests step by hand. */
public interface WorkerLauncher {

    /** Completes with the process once it was asked for, exceptionally if Python cannot be started. */
    CompletableFuture<WorkerProcess> launch(PythonSettings python, WorkerRequest request, WorkerListener listener);

    /** Hears that {@code pool} has no worker of {@code edition} any more and starts none. */
    void retire(PythonSettings python, String edition, String pool);

    /**
     * Returns how much memory workers can still have before a limit of the container is reached, in bytes, with what
     * the kernel can forget at once; -1 if there is no limit. Reads some files of the kernel.
     */
    default long memoryFreeBytes() {
        return -1;
    }
}
