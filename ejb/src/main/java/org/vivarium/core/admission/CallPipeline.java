package org.vivarium.core.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.call.Call;
import org.vivarium.core.call.CallPath;
import org.vivarium.core.call.CallRequest;
import org.vivarium.core.call.Cancellation;
import org.vivarium.core.call.Execution;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.dispatch.NoSlotException;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.dispatch.Waiter;
import org.vivarium.core.program.ProgramCatalog;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.Flags;
import org.vivarium.core.session.SessionTable;
import org.vivarium.core.trace.CallSpan;
import org.vivarium.core.trace.CallTracer;

/**
 * The path of a call: session turn, permit, queue, slot, exchange, answer.
 *
 * <p>The caller's thread does all of it: no other thread is in a call's way. A worker that was lost before the program
 * began is replaced by another one within the same call; everything else is the caller's to know. Thread safe.
 */
public final class CallPipeline {
    private final CallPath path;
    private final ProgramCatalog catalog;
    private final Admission admission;
    private final Execution execution;
    private final Retrier retrier;

    public CallPipeline(CallPath path) {
        this.path = path;
        this.catalog = path.programs().catalog();
        this.admission = new Admission(path);
        this.execution = new Execution(path);
        this.retrier = new Retrier(path, admission);
    }

    /** Returns the pool's name. */
    public String name() {
        return path.parts().name();
    }

    /** Returns the sessions of this pool's callers. */
    public SessionTable sessions() {
        return admission.sessions().table();
    }

    /** Returns the calls that wait, for whatever it is. */
    public WaitingRegistry waiting() {
        return admission.waiting();
    }

    /** Returns the turns of the calls of isolated programs. */
    public Bulkheads isolationTurns() {
        return admission.turns();
    }

    /** Returns how many calls wait for anything but a worker: their turn or a permit. */
    public int waitingBefore() {
        return admission.waitingBefore();
    }

    /** Returns the limits of how many calls run. */
    public Bulkheads bulkheads() {
        return admission.bulkheads();
    }

    /** Ends the waits of calls that are to be retried: they are refused like all others. */
    public void close() {
        retrier.close();
    }

    /** Returns the programs that can be called; empty until the first worker is ready. */
    public List<ProgramView> programs() {
        return catalog.programs();
    }

    /**
     * Calls a program and waits for its result.
     *
     * @param inputs a JSON object in UTF-8, or empty, with attachments; must not be changed during the call
     * @throws PythonException for every failure
     */
    public Payload call(String program, Payload inputs, CallOptions options) {
        Call call = prepare(program, inputs, options);
        try (CallPermits held = new CallPermits()) {
            admission.await(call, admission.enter(call, held));
            while (true) {
                try {
                    return carryOut(call, held);
                } catch (PythonException e) {
                    Duration pause = call.takePause();
                    if (pause == null) {
                        throw e;
                    }
                    admission.await(call, retrier.again(call, held, pause));
                }
            }
        } finally {
            call.room().close();
        }
    }

    private Payload carryOut(Call call, CallPermits held) {
        while (true) {
            Slot slot = checkOut(call, held);
            Payload result = execution.attempt(call, slot);
            if (result != null) {
                return result;
            }
        }
    }

    /** Waits for a slot; gives it back while a program that was isolated meanwhile has no turn. */
    private Slot checkOut(Call call, CallPermits held) {
        while (true) {
            Slot slot = admission.checkOut(call, new SlotWait(call));
            if (call.isAhead() || !admission.needsTurn(call, held)) {
                admission.sessions().requireRoom(call, slot);
                admission.takeWholeWorker(call, held, slot);
                return slot;
            }
            path.dispatcher().release(slot);
            admission.await(call, admission.takeTurn(call, held));
        }
    }

    /**
     * Calls a program without holding the caller's thread; completes on a thread of {@code executor}. Cancelling the
     * future cancels the call, which keeps what it holds until it has really ended.
     */
    public CompletableFuture<Payload> callAsync(
            String program, Payload inputs, CallOptions options, Executor executor) {
        CompletableFuture<Payload> ended = new CompletableFuture<>();
        CompletableFuture<Payload> answer = ended.copy();
        try {
            Call call = prepare(program, inputs, options);
            CallPermits held = new CallPermits();
            CompletableFuture<?> unused = ended.whenComplete((result, failure) -> held.close());
            unused = answer.whenComplete((result, failure) -> {
                if (answer.isCancelled()) {
                    call.cancel(Cancellation.CALLER);
                }
            });
            goOn(new AsyncCall(call, held, executor, ended), admission.enter(call, held));
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
        return answer;
    }

    /** Calls a program and returns what it yields, as it comes; returns once a worker has the call. */
    public PayloadStream stream(String program, Payload inputs, CallOptions options) {
        Call call = prepare(program, inputs, options);
        call.welcomeChunks();
        call.onlyOnce(); // what was consumed cannot be taken back
        CallPermits held = new CallPermits();
        CallStream stream = new CallStream(call, () -> checkOut(call, held), execution, held::close);
        try {
            admission.await(call, admission.enter(call, held));
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
        stream.start(path);
        return stream;
    }

    /**
     * Goes on with a call once it has what it waits for: at once, or else on its executor, never on another's thread.
     */
    private void goOn(AsyncCall async, CompletableFuture<Void> ready) {
        if (ready.isDone() && !ready.isCompletedExceptionally()) {
            attemptAsync(async);
            return;
        }
        CompletableFuture<?> unused = ready.whenCompleteAsync(
                (done, failure) -> {
                    if (failure == null) {
                        attemptAsync(async);
                    } else {
                        async.future().completeExceptionally(Admission.failure(failure));
                    }
                },
                async::execute);
    }

    private void attemptAsync(AsyncCall async) {
        admission.checkOutAsync(async.call(), new AsyncSlotWait(async));
    }

    private void carryOut(AsyncCall async, @Nullable Slot slot, @Nullable NoSlotException refused) {
        Call call = async.call();
        try {
            if (slot == null) {
                throw admission.refused(call, refused == null ? NoSlotException.Reason.STOPPED : refused.reason());
            }
            if (admission.needsTurn(call, async.held())) {
                path.dispatcher().release(slot);
                goOn(async, admission.takeTurn(call, async.held()));
                return;
            }
            admission.sessions().requireRoom(call, slot);
            admission.takeWholeWorker(call, async.held(), slot);
            Payload result = execution.attempt(call, slot);
            if (result == null) {
                attemptAsync(async);
            } else {
                async.future().complete(result);
                call.room().close(); // after the stages that follow at once, which may hold the result themselves
            }
        } catch (RuntimeException | Error e) { // whoever waits must get it
            Duration pause = call.takePause();
            call.room().close();
            if (pause == null) {
                async.future().completeExceptionally(e);
            } else {
                goOn(async, retrier.again(call, async.held(), pause));
            }
        }
    }

    /** A call whose thread waits for a slot. */
    private final class SlotWait implements Waiter.HeadStart {
        private final Call call;

        SlotWait(Call call) {
            this.call = call;
        }

        @Override
        public void give(Slot slot) {
            if (SessionAdmission.tryOpen(call)) {
                execution.giveHeadStart(call, slot);
            }
        }

        @Override
        public void waits(@Nullable Runnable wakeUp) {
            admission.waiting().waits(call, wakeUp);
        }

        @Override
        public boolean hasLeft() {
            return call.givenUp();
        }
    }

    /** A call that waits for a slot without a thread. */
    private final class AsyncSlotWait implements Waiter.SlotReceiver {
        private final AsyncCall async;

        AsyncSlotWait(AsyncCall async) {
            this.async = async;
        }

        @Override
        public void waits(@Nullable Runnable leave) {
            admission.waiting().waits(async.call(), leave);
        }

        @Override
        public void take(@Nullable Slot slot, @Nullable NoSlotException failure) {
            waits(null);
            try {
                async.executor().execute(() -> carryOut(async, slot, failure));
            } catch (RuntimeException e) { // the executor takes nothing more
                if (slot != null) {
                    path.dispatcher().release(slot);
                }
                async.future()
                        .completeExceptionally(path.ledger()
                                .ended(async.call(), path.failures().unexpected(async.call(), e)));
            }
        }
    }

    /** A call that holds no thread while it waits. */
    private record AsyncCall(Call call, CallPermits held, Executor executor, CompletableFuture<Payload> future) {
        /** Runs {@code task} on the executor, or here once that takes nothing more: whoever waits must get it. */
        void execute(Runnable task) {
            try {
                executor.execute(task);
            } catch (RejectedExecutionException e) {
                task.run();
            }
        }
    }

    private Call prepare(String program, Payload inputs, CallOptions given) {
        long now = path.nanos();
        PoolSettings settings = path.parts().store().current();
        ProgramCatalog.Entry entry = catalog.find(program);
        byte[] utf8 = entry == null ? unlisted(program) : entry.utf8();
        CallOptions options = checked(given);
        CallTracer tracer = path.parts().telemetry().tracer();
        CallSpan span = tracer == null ? null : tracer.begin(name(), program, options.context());
        if (span != null) {
            options = options.withContext(span.context());
        }
        long timeout = timeoutNanos(options, entry, settings);
        CallRequest request = new CallRequest(
                name(),
                program,
                options,
                now,
                now + timeout,
                timeoutNanos(CallOptions.DEFAULT, entry, settings),
                settings.nanos(PoolParameter.CHECKOUT_TIMEOUT));
        CallFrame frame = new CallFrame(utf8, CallFrame.context(options.context()), inputs);
        if (options.progress() != null) {
            frame = frame.withWelcome(Flags.PROGRESS_WELCOME);
        }
        Call call = new Call(request, frame, path.parts().results());
        call.traced(span);
        path.ledger().began(call);
        if (entry != null) {
            retrier.letIn(call, entry.breaker());
        }
        return call;
    }

    private CallOptions checked(CallOptions given) {
        CallContext context = path.parts().telemetry().checked(given.context());
        return context.equals(given.context()) ? given : given.withContext(context);
    }

    private static long timeoutNanos(CallOptions options, ProgramCatalog.@Nullable Entry entry, PoolSettings settings) {
        if (options.timeout() != null) {
            return options.timeout().toNanos();
        }
        long ofProgram = entry == null ? 0 : entry.timeoutNanos();
        return ofProgram == 0 ? settings.nanos(PoolParameter.OPERATION_TIMEOUT) : ofProgram;
    }

    /** Only before any worker was ready nobody knows the programs; then the worker itself answers. */
    private byte[] unlisted(String program) {
        byte[] utf8 = program.getBytes(UTF_8);
        boolean unknown = !catalog.isEmpty() && catalog.find(program) == null; // it may have come since the first look
        if (unknown || program.startsWith("$") || utf8.length > 0xffff) {
            throw path.failures().unknownProgram(program, catalog.names());
        }
        path.disposal().wake(); // no worker was ever ready: maybe because nobody has called yet
        return utf8;
    }
}
