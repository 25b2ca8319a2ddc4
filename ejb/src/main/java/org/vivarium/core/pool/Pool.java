package org.vivarium.core.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.PythonException;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.process.CallChannel;
import org.vivarium.core.process.ChannelLostException;
import org.vivarium.core.process.DeadlineException;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * The path of a call: line, slot, exchange, answer.
 *
 * <p>The caller's thread does all of it: no other thread is in a call's way. A worker that was lost before the program
 * began is replaced by another one within the same call; everything else is the caller's to know. Thread safe.
 */
public final class Pool {
    private static final long EXIT_STATUS_WITHIN_MILLIS = 50;

    private final String name;
    private final PoolParts parts;
    private final SlotDispatcher dispatcher;
    private final ProgramCatalog catalog;
    private final PoolCounters counters;
    private final Condemner condemner;
    private final CallFailures failures;

    Pool(
            PoolParts parts,
            SlotDispatcher dispatcher,
            ProgramCatalog catalog,
            PoolCounters counters,
            Condemner condemner) {
        this.name = parts.name();
        this.parts = parts;
        this.dispatcher = dispatcher;
        this.catalog = catalog;
        this.counters = counters;
        this.condemner = condemner;
        this.failures = new CallFailures(name, parts.ticker());
    }

    /** Returns the pool's name. */
    public String name() {
        return name;
    }

    /** Returns the programs that can be called; empty until the first worker is ready. */
    public List<ProgramView> programs() {
        return catalog.programs();
    }

    /**
     * Calls a program and waits for its result.
     *
     * @param inputs a JSON object in UTF-8, or empty; must not be changed during the call
     * @return a JSON value in UTF-8
     * @throws PythonException for every failure
     */
    public byte[] call(String program, byte[] inputs, CallOptions options) {
        Call call = prepare(program, inputs, options);
        while (true) {
            Slot slot;
            try {
                slot = dispatcher.checkOut(
                        call.priority(), call.checkoutDeadlineNanos(), given -> giveHeadStart(call, given));
            } catch (NoSlotException e) {
                throw refused(call, e.reason());
            }
            byte[] result = attempt(call, slot);
            if (result != null) {
                return result;
            }
        }
    }

    /** Calls a program without holding the caller's thread; completes on a thread of {@code executor}. */
    public CompletableFuture<byte[]> callAsync(String program, byte[] inputs, CallOptions options, Executor executor) {
        CompletableFuture<byte[]> future = new CompletableFuture<>();
        try {
            attemptAsync(prepare(program, inputs, options), executor, future);
        } catch (PythonException e) {
            future.completeExceptionally(e);
        }
        return future;
    }

    private void attemptAsync(Call call, Executor executor, CompletableFuture<byte[]> future) {
        dispatcher.checkOutAsync(
                call.priority(),
                call.checkoutDeadlineNanos(),
                (slot, refused) -> executor.execute(() -> {
                    try {
                        if (slot == null) {
                            throw refused(call, refused == null ? NoSlotException.Reason.STOPPED : refused.reason());
                        }
                        byte[] result = attempt(call, slot);
                        if (result == null) {
                            attemptAsync(call, executor, future);
                        } else {
                            future.complete(result);
                        }
                    } catch (PythonException e) {
                        future.completeExceptionally(e);
                    }
                }));
    }

    private Call prepare(String program, byte[] inputs, CallOptions options) {
        long now = parts.ticker().nanos();
        PoolSettings settings = parts.store().current();
        ProgramCatalog.Entry entry = catalog.find(program);
        byte[] utf8 = entry == null ? unlisted(program) : entry.utf8();
        long timeout = options.timeout() != null ? options.timeout().toNanos() : 0;
        if (timeout == 0 && entry != null) {
            timeout = entry.timeoutNanos();
        }
        if (timeout == 0) {
            timeout = settings.nanos(PoolParameter.OPERATION_TIMEOUT);
        }
        Call.Times times = new Call.Times(now, timeout, settings.nanos(PoolParameter.CHECKOUT_TIMEOUT));
        CallFrame frame = new CallFrame(utf8, CallFrame.context(options.context()), inputs);
        return new Call(name, program, frame, options, times);
    }

    /** Only before any worker was ready nobody knows the programs; then the worker itself answers. */
    private byte[] unlisted(String program) {
        byte[] utf8 = program.getBytes(UTF_8);
        if (!catalog.isEmpty() || program.startsWith("$") || utf8.length > 0xffff) {
            throw failures.unknownProgram(program, catalog.names());
        }
        condemner.wake(); // no worker was ever ready: maybe because nobody has called yet
        return utf8;
    }

    /** Sends the call of a waiter that is about to get {@code slot}; runs in the thread that gives the slot away. */
    private void giveHeadStart(Call call, Slot slot) {
        CallChannel channel = slot.channel();
        if (fits(call, channel) && assign(call, slot)) {
            call.headStart(true);
            if (!call.expired()) {
                channel.sendAhead(call.frame(), call.deadlineNanos());
            }
        }
    }

    /** Makes the worker busy with the call; {@code false} if it takes no calls any more. */
    private boolean assign(Call call, Slot slot) {
        if (!slot.worker().machine().tryCheckOut()) {
            return false;
        }
        call.givenTo(slot.worker(), parts.ticker().nanos());
        return true;
    }

    /** Runs the call on {@code slot} and gives the slot back; {@code null} if another slot must be asked. */
    private byte @Nullable [] attempt(Call call, Slot slot) {
        if (!call.headStart(false) && !assign(call, slot)) {
            condemner.handOver(slot);
            return null;
        }
        return run(call, slot);
    }

    private byte @Nullable [] run(Call call, Slot slot) {
        CallChannel channel = slot.channel();
        try {
            requireSendable(call, channel);
            byte[] body = channel.exchange(call.frame(), call.deadlineNanos());
            boolean failed = channel.lastReplyIsError();
            PythonException error =
                    failed ? WorkerError.of(body, call, parts.ticker().nanos()) : null;
            if (slot.worker().countCall(failed)) {
                condemner.spent(slot.worker());
            }
            giveBack(slot);
            if (error != null) {
                throw ended(call, error);
            }
            ended(call);
            return body;
        } catch (NotSentException e) {
            giveBack(slot);
            throw ended(call, e.failure());
        } catch (ChannelLostException e) {
            return lost(call, slot, e);
        } catch (DeadlineException e) {
            condemner.condemn(slot, TransitionReason.CALL_DEADLINE_PASSED, call.program());
            throw ended(call, failures.timedOut(call));
        } catch (ProtocolException e) {
            condemner.condemn(slot, TransitionReason.PROTOCOL_BROKEN, e.getMessage());
            throw ended(call, failures.brokenProtocol(call, e));
        }
    }

    private void requireSendable(Call call, CallChannel channel) throws NotSentException {
        if (call.expired()) {
            throw new NotSentException(failures.timedOut(call));
        }
        if (!fits(call, channel)) {
            throw new NotSentException(failures.tooLarge(call, channel.maximumFrameBytes()));
        }
    }

    private static boolean fits(Call call, CallChannel channel) {
        return call.frame().length() <= channel.maximumFrameBytes();
    }

    private void giveBack(Slot slot) {
        slot.worker().machine().checkIn();
        dispatcher.release(slot);
    }

    private byte @Nullable [] lost(Call call, Slot slot, ChannelLostException loss) {
        condemner.condemn(slot, TransitionReason.CHANNEL_LOST, loss.getMessage());
        if (!loss.mayHaveBegun()) {
            call.again();
            return null;
        }
        throw ended(call, failures.workerLost(call, exitInWords(slot.worker())));
    }

    private static String exitInWords(Worker worker) {
        try {
            return worker.requireProcess()
                    .exit()
                    .get(EXIT_STATUS_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
                    .inWords();
        } catch (TimeoutException | ExecutionException e) {
            return "closed its channel";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "was lost";
        }
    }

    private PythonException refused(Call call, NoSlotException.Reason reason) {
        call.waited(parts.ticker().nanos());
        if (reason == NoSlotException.Reason.QUEUE_FULL) {
            counters.rejected.increment();
        }
        return ended(call, failures.refused(call, reason, condemner.problem()));
    }

    private void ended(Call call) {
        counters.calls.increment();
        publish(call, null, null);
    }

    private PythonException ended(Call call, PythonException failure) {
        counters.calls.increment();
        counters.errors.increment();
        if (failure.category() == ErrorCategory.TIMEOUT_ERROR) {
            counters.timeouts.increment();
        }
        publish(call, failure.category(), failure.type());
        return failure;
    }

    private void publish(Call call, @Nullable ErrorCategory category, @Nullable String type) {
        Worker worker = call.worker();
        parts.telemetry()
                .publish(new CallEnded(
                        name,
                        worker == null ? null : worker.name(),
                        call.program(),
                        call.waitNanos(),
                        call.executionNanos(parts.ticker().nanos()),
                        category,
                        type));
    }

    /** A call that ends before anything of it was sent; the slot is as good as before. */
    private static final class NotSentException extends Exception {
        private static final long serialVersionUID = 1;

        private final PythonException failure;

        NotSentException(PythonException failure) {
            super(failure);
            this.failure = failure;
        }

        PythonException failure() {
            return failure;
        }
    }
}
