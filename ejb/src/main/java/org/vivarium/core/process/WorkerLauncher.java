package org.vivarium.core.process;

import java.util.concurrent.CompletableFuture;
import org.vivarium.core.config.PythonSettings;

/** Starts worker processes: {@code PythonHost}, or a fake that tests step by hand. */
public interface WorkerLauncher {

    /** Completes with the process once it was asked for, exceptionally if Python cannot be started. */
    CompletableFuture<WorkerProcess> launch(PythonSettings python, WorkerRequest request, WorkerListener listener);

    /** Hears that {@code pool} has no worker of {@code edition} any more and starts none. */
    void retire(PythonSettings python, String edition, String pool);
}
