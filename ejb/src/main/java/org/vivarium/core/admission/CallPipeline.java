package org.vivarium.core.admission;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.call.Call;
import org.vivarium.core.call.CallPath;
import org.vivarium.core.call.Cancellation;
import org.vivarium.core.call.Execution;
import org.vivarium.core.dispatch.NoSlotException;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.dispatch.Waiter;
import org.vivarium.core.program.ProgramCatalog;
import org.vivarium.core.session.SessionTable;

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
    private final CallPreparation preparation;

    public CallPipeline(CallPath path) {
        this.path = path;
        this.catalog = path.programs().catalog();
        this.admission = new Admission(path);
        this.execution = new Execution(path);
        this.retrier = new Retrier(path, admission);
        this.preparation = new CallPreparation(path, retrier);
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
        Call call = preparation.prepare(program, inputs, options);
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
            Call call = preparation.prepare(program, inputs, options);
            CallPermits held = new CallPermits();
            CompletableFuture<?> unused = ended.whenComplete((result, failure) -> held.close());
            unused = answer.whenComplete((result, failure) -> cancelIf(answer.isCancelled(), call));
            goOn(
                    new AsyncCall<>(call, held, executor, ended, slot -> execution.attempt(call, slot)),
                    admission.enter(call, held));
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
        return answer;
    }

    private static void cancelIf(boolean cancelled, Call call) {
        if (cancelled) {
            call.cancel(Cancellation.CALLER);
        }
    }

    /** Calls a program and returns what it yields, as it comes; returns once a worker has the call. */
    public PayloadStream stream(String program, Payload inputs, CallOptions options) {
        Call call = prepareStream(program, inputs, options);
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

    private Call prepareStream(String program, Payload inputs, CallOptions options) {
        Call call = preparation.prepare(program, inputs, options);
        call.welcomeChunks();
        call.onlyOnce(); // what was consumed cannot be taken back
        return call;
    }

    /**
     * Likewise, without holding the caller's thread while the call waits; completes on a thread of {@code executor}
     * once a worker has the call. Whoever gets the stream closes it; cancelling the future before cancels the call.
     */
    public CompletableFuture<PayloadStream> streamAsync(
            String program, Payload inputs, CallOptions options, Executor executor) {
        CompletableFuture<PayloadStream> started = new CompletableFuture<>();
        CallPermits held = new CallPermits();
        try {
            Call call = prepareStream(program, inputs, options);
            CompletableFuture<?> unused = started.whenComplete((stream, failure) -> {
                cancelIf(started.isCancelled(), call);
                if (failure != null) {
                    held.close();
                }
            });
            goOn(
                    new AsyncCall<>(call, held, executor, started, slot -> start(call, held, slot)),
                    admission.enter(call, held));
        } catch (RuntimeException e) {
            held.close();
            started.completeExceptionally(e);
        }
        return started;
    }

    private CallStream start(Call call, CallPermits held, Slot first) {
        Deque<Slot> given = new ArrayDeque<>(List.of(first)); // another one only if its worker was lost at once
        CallStream stream = new CallStream(
                call, () -> given.isEmpty() ? checkOut(call, held) : given.remove(), execution, held::close);
        stream.start(path);
        if (call.givenUp()) {
            stream.close(); // nobody will get it
        }
        return stream;
    }

    /**
     * Goes on with a call once it has what it waits for: at once, or else on its executor, never on another's thread.
     */
    private void goOn(AsyncCall<?> async, CompletableFuture<Void> ready) {
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

    private void attemptAsync(AsyncCall<?> async) {
        admission.checkOutAsync(async.call(), new AsyncSlotWait<>(async));
    }

    private <T> void carryOut(AsyncCall<T> async, @Nullable Slot slot, @Nullable NoSlotException refused) {
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
            T result = async.attempt().apply(slot);
            if (result == null) {
                attemptAsync(async);
            } else {
                async.future().complete(result);
                async.delivered(); // after the stages that follow at once, which may hold the result themselves
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
    private final class AsyncSlotWait<T> implements Waiter.SlotReceiver {
        private final AsyncCall<T> async;

        AsyncSlotWait(AsyncCall<T> async) {
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

    /**
     * A call that holds no thread while it waits.
     *
     * @param attempt what is done once it has a slot; gives {@code null} if another slot must be asked
     */
    private record AsyncCall<T>(
            Call call,
            CallPermits held,
            Executor executor,
            CompletableFuture<T> future,
            Function<Slot, @Nullable T> attempt) {
        /** Notes that whoever asked has the result, unless it is a stream, whose chunks have room one by one. */
        void delivered() {
            if (!call.isStream()) {
                call.room().close();
            }
        }

        /** Runs {@code task} on the executor, or here once that takes nothing more: whoever waits must get it. */
        void execute(Runnable task) {
            try {
                executor.execute(task);
            } catch (RejectedExecutionException e) {
                task.run();
            }
        }
    }
}
