package org.vivarium.core.call;

import org.jspecify.annotations.Nullable;
import org.vivarium.core.process.channel.Reply;

/**
 * How a call was stopped.
 *
 * @param reply the final frame, if the worker stopped the call; {@code null} if it had to be terminated
 * @param stack the Python stack of where the call was; {@code null} if it could not be taken
 * @param leftBehind what the worker says that the call has left running; {@code null} for nothing
 * @param spared whether the worker goes on nevertheless until it is replaced, because it has other calls
 */
record CancellationResult(
        @Nullable Reply reply,
        @Nullable String stack,
        @Nullable String leftBehind,
        boolean spared) {
    CancellationResult(@Nullable Reply reply, @Nullable String stack, @Nullable String leftBehind) {
        this(reply, stack, leftBehind, false);
    }

    /** Returns the same for a worker that has other calls, and is replaced instead of ended. */
    CancellationResult inPeace() {
        return new CancellationResult(reply, stack, leftBehind, true);
    }

    /** Returns what happened to the worker, to end a sentence with. */
    String inWords(String worker) {
        if (reply == null) {
            return "worker %s did not stop the call and was terminated".formatted(worker);
        }
        return leftBehind == null
                ? "worker %s stopped the call and goes on".formatted(worker)
                : "worker %s stopped the call but left %s behind and %s"
                        .formatted(worker, leftBehind, spared ? "is being replaced" : "was terminated");
    }
}
