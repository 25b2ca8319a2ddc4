package org.vivarium.core.process;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.view.ProgramView;

/**
 * Receives what becomes of one worker process, on the control loop's thread: must not block. After {@link #exited}
 * nothing more comes.
 */
public interface WorkerListener {

    /** All channels are connected, all modules imported: the worker can take calls. */
    void ready(List<ProgramView> programs);

    /** The worker will never be ready; its process, if there is one, is being ended. */
    void failed(String reason);

    /**
     * There will be no process, and nothing more comes.
     *
     * @param cleared completes when another try may do better; {@code null} if that may be at any time
     */
    void refused(String reason, @Nullable CompletableFuture<Void> cleared);

    /** So many more lines that the process printed or logged were dropped, because they were too many. */
    default void outputDropped(long lines) {}

    /** The process is gone. Comes exactly once, also after {@link #failed}, unless it was {@link #refused}. */
    void exited(ExitStatus status);
}
