package org.vivarium.core.call;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.vivarium.core.config.PoolParameter.CANCEL_GRACE;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.channel.CallChannel;
import org.vivarium.core.process.channel.ChannelLostException;
import org.vivarium.core.process.channel.DeadlineException;
import org.vivarium.core.process.channel.Reply;
import org.vivarium.core.protocol.Json;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.worker.TransitionReason;

/**
 * Stops a call whose deadline has passed or that was cancelled, step by step: the program may notice, an exception is
 * raised in it, its stacks are taken, the process is asked to end, its group is killed. The thread that owns the slot
 * climbs; between the steps it waits for the final frame.
 */
final class CancellationLadder {
    private static final int FLAG = 1;
    private static final int RAISE = 2;
    private static final long RAISE_EVERY_MILLIS = 100;
    private static final long DUMP_BEFORE_MILLIS = 50;
    private static final long KILL_AFTER_MILLIS = 150;
    private static final long GONE_WITHIN_MILLIS = 400;

    private final PoolContext parts;

    CancellationLadder(PoolContext parts) {
        this.parts = parts;
    }

    /**
     * Stops the call that {@code slot} has now.
     *
     * @param reason why its worker ends if it must
     * @throws ProtocolException if the worker answers with what is no answer
     */
    CancellationResult climb(Slot slot, TransitionReason reason, String detail) throws ProtocolException {
        CallChannel channel = slot.channel();
        Climb climb = new Climb(slot, reason, detail);
        long began = parts.ticker().nanos();
        try {
            for (Step step :
                    climb.steps(parts.store().current().duration(CANCEL_GRACE).toMillis())) {
                Reply reply = finalFrame(channel, began + MILLISECONDS.toNanos(step.atMillis()));
                if (reply != null) {
                    return obeyed(reply, climb);
                }
                step.action().run();
            }
        } catch (ChannelLostException e) {
            return new CancellationResult(null, climb.stack(), null);
        }
        return new CancellationResult(null, climb.stack(), null);
    }

    private static @Nullable Reply finalFrame(CallChannel channel, long untilNanos)
            throws ChannelLostException, ProtocolException {
        try {
            return channel.receiveLast(() -> untilNanos);
        } catch (DeadlineException e) {
            return null;
        }
    }

    private static CancellationResult obeyed(Reply reply, Climb climb) throws ProtocolException {
        if (!reply.isError()) {
            return new CancellationResult(reply, climb.stack(), reply.leftBehind() ? "threads or processes" : null);
        }
        Map<String, Object> error = Json.readObject(reply.payload().json());
        String stack = error.get("stack") instanceof String text ? text : climb.stack();
        return new CancellationResult(reply, stack, error.get("left_behind") instanceof String left ? left : null);
    }

    /** A step and when it is due, in milliseconds after the first. */
    private record Step(long atMillis, Runnable action) {}

    /** One way up. */
    private static final class Climb {
        private final Slot slot;
        private final TransitionReason reason;
        private final String detail;
        private @Nullable CompletableFuture<String> dump;

        Climb(Slot slot, TransitionReason reason, String detail) {
            this.slot = slot;
            this.reason = reason;
            this.detail = detail;
        }

        List<Step> steps(long graceMillis) {
            List<Step> steps = new ArrayList<>();
            steps.add(new Step(0, () -> tell(FLAG)));
            for (long at = RAISE_EVERY_MILLIS; at < graceMillis - DUMP_BEFORE_MILLIS; at += RAISE_EVERY_MILLIS) {
                steps.add(new Step(at, () -> tell(RAISE)));
            }
            steps.add(new Step(Math.max(0, graceMillis - DUMP_BEFORE_MILLIS), this::dump));
            steps.add(new Step(graceMillis, this::terminate));
            steps.add(new Step(graceMillis + KILL_AFTER_MILLIS, () -> process().kill()));
            steps.add(new Step(graceMillis + KILL_AFTER_MILLIS + GONE_WITHIN_MILLIS, () -> {}));
            return steps;
        }

        private WorkerProcess process() {
            return slot.worker().requireProcess();
        }

        private void tell(int level) {
            if (slot.channel().cancel(level)) {
                process().poke();
            }
        }

        private void dump() {
            dump = process().dumpStacks();
        }

        private void terminate() {
            slot.worker().discarded(); // first: its end is no crash
            slot.worker().machine().beginTermination(reason, detail);
            process().terminate();
        }

        @Nullable String stack() {
            CompletableFuture<String> asked = dump;
            return asked == null
                    ? null
                    : asked.copy() // others may wait for the same dump, and longer
                            .completeOnTimeout(null, DUMP_BEFORE_MILLIS, TimeUnit.MILLISECONDS)
                            .exceptionally(gone -> null)
                            .join();
        }
    }
}
