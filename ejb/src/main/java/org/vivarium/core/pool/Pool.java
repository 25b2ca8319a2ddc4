package org.vivarium.core.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallOptions;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.process.CallChannel;
import org.vivarium.core.process.ChannelLostException;
import org.vivarium.core.process.DeadlineException;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.session.Session;
import org.vivarium.core.session.SessionTable;
import org.vivarium.core.session.TooManySessionsException;
import org.vivarium.core.session.Turn;
import org.vivarium.core.worker.LimitBreach;
import org.vivarium.core.worker.Transition;
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
    private final CallLedger ledger;
    private final Condemner condemner;
    private final CallFailures failures;
    private final SessionTable sessions;

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
        this.ledger = new CallLedger(parts, counters);
        this.condemner = condemner;
        this.failures = new CallFailures(name, parts.ticker());
        this.sessions =
                new SessionTable(parts.ticker(), () -> parts.store().current().integer(PoolParameter.SESSION_LIMIT));
    }

    /** Returns the pool's name. */
    public String name() {
        return name;
    }

    /** Returns the sessions of this pool's callers. */
    SessionTable sessions() {
        return sessions;
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
        if (call.sessionId() == null) {
            return carryOut(call);
        }
        try (Turn turn = enter(call)) {
            awaitTurn(turn, call);
            return carryOut(call);
        }
    }

    private byte[] carryOut(Call call) {
        while (true) {
            byte[] result = attempt(call, checkOut(call));
            if (result != null) {
                return result;
            }
        }
    }

    private Slot checkOut(Call call) {
        Slot preferred = dispatcher.checkOutAt(call.preferredPlace());
        if (preferred != null) {
            return preferred;
        }
        try {
            return dispatcher.checkOut(
                    call.priority(), call.checkoutDeadlineNanos(), given -> giveHeadStart(call, given));
        } catch (NoSlotException e) {
            throw refused(call, e.reason());
        }
    }

    private Turn enter(Call call) {
        try {
            return sessions.enter(requireNonNull(call.sessionId()));
        } catch (TooManySessionsException e) {
            throw ledger.ended(call, failures.tooManySessions(call, e));
        }
    }

    private void awaitTurn(Turn turn, Call call) {
        try {
            if (!turn.await(call.checkoutDeadlineNanos() - parts.ticker().nanos())) {
                call.waited(parts.ticker().nanos());
                throw ledger.ended(call, failures.sessionBusy(call));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused(call, NoSlotException.Reason.INTERRUPTED);
        }
        call.belongsTo(turn.session());
    }

    /** Calls a program without holding the caller's thread; completes on a thread of {@code executor}. */
    public CompletableFuture<byte[]> callAsync(String program, byte[] inputs, CallOptions options, Executor executor) {
        CompletableFuture<byte[]> future = new CompletableFuture<>();
        try {
            Call call = prepare(program, inputs, options);
            if (call.sessionId() == null) {
                attemptAsync(call, executor, future);
            } else {
                awaitTurnAsync(call, executor, future);
            }
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
        return future;
    }

    private void awaitTurnAsync(Call call, Executor executor, CompletableFuture<byte[]> future) {
        Turn turn = enter(call);
        long left = call.checkoutDeadlineNanos() - parts.ticker().nanos();
        CompletableFuture<?> unusedEnd = future.whenComplete((result, failure) -> turn.close());
        CompletableFuture<?> unusedWait = turn.begun()
                .orTimeout(left, TimeUnit.NANOSECONDS)
                .whenComplete((begun, late) -> {
                    if (late == null) {
                        call.belongsTo(turn.session());
                        attemptAsync(call, executor, future);
                    } else {
                        call.waited(parts.ticker().nanos());
                        future.completeExceptionally(ledger.ended(call, failures.sessionBusy(call)));
                    }
                });
    }

    private void attemptAsync(Call call, Executor executor, CompletableFuture<byte[]> future) {
        dispatcher.checkOutAsync(call.priority(), call.checkoutDeadlineNanos(), (slot, refused) -> {
            try {
                executor.execute(() -> carryOut(call, executor, future, slot, refused));
            } catch (RuntimeException e) { // the executor takes nothing more
                if (slot != null) {
                    dispatcher.release(slot);
                }
                future.completeExceptionally(ledger.ended(call, failures.unexpected(call, e)));
            }
        });
    }

    private void carryOut(
            Call call,
            Executor executor,
            CompletableFuture<byte[]> future,
            @Nullable Slot slot,
            @Nullable NoSlotException refused) {
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
        } catch (RuntimeException | Error e) { // whoever waits must hear of it
            future.completeExceptionally(e);
        }
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
        boolean unknown = !catalog.isEmpty() && catalog.find(program) == null; // it may have come since the first look
        if (unknown || program.startsWith("$") || utf8.length > 0xffff) {
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
        byte[] body;
        PythonException error;
        try {
            CallChannel channel = slot.channel();
            requireSendable(call, channel);
            body = channel.exchange(call.frame(), call.deadlineNanos());
            error = channel.lastReplyIsError()
                    ? WorkerError.of(body, call, parts.ticker().nanos())
                    : null;
        } catch (NotSentException e) {
            giveBack(slot);
            throw ledger.ended(call, e.failure());
        } catch (ChannelLostException e) {
            return lost(call, slot, e);
        } catch (DeadlineException e) {
            condemn(slot, TransitionReason.CALL_DEADLINE_PASSED, call.program());
            throw ledger.ended(call, failures.timedOut(call));
        } catch (ProtocolException e) {
            condemn(slot, TransitionReason.PROTOCOL_BROKEN, e.getMessage());
            throw ledger.ended(call, failures.brokenProtocol(call, e));
        } catch (RuntimeException | Error e) { // nobody knows what was read: better no slot than a wrong answer
            condemn(slot, TransitionReason.CHANNEL_LOST, e.toString());
            throw ledger.ended(call, failures.unexpected(call, e));
        }
        count(slot.worker(), error != null);
        checkpoint(call, slot, error == null);
        giveBack(slot);
        if (error != null) {
            throw ledger.ended(call, error);
        }
        ledger.ended(call);
        return body;
    }

    private void count(Worker worker, boolean failed) {
        if (worker.countCall(failed)) {
            condemner.spent(worker);
        }
    }

    /** Keeps what a successful call has left of its session; a failed one leaves it as it was. */
    private static void checkpoint(Call call, Slot slot, boolean succeeded) {
        Session session = call.session();
        if (session != null && succeeded) {
            session.checkpoint(slot.index(), slot.channel().lastReplyState());
        }
    }

    private void condemn(Slot slot, TransitionReason reason, @Nullable String detail) {
        count(slot.worker(), true);
        condemner.condemn(slot, reason, detail);
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
        condemn(slot, TransitionReason.CHANNEL_LOST, loss.getMessage());
        if (!loss.mayHaveBegun()) {
            call.again();
            return null;
        }
        LimitBreach breach = slot.worker().breach();
        throw ledger.ended(
                call,
                breach == null
                        ? failures.workerLost(call, exitInWords(slot.worker()))
                        : failures.limitExceeded(call, breach));
    }

    private static String exitInWords(Worker worker) {
        Transition end = worker.machine().termination();
        if (end != null && end.reason() == TransitionReason.HEARTBEAT_LOST) {
            return end.detail() + " and was ended"; // says more than the signal that ended it
        }
        if (end != null && end.reason() == TransitionReason.POOL_CLOSED) {
            return "was ended because the pool was closed";
        }
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
            ledger.rejected();
        }
        return ledger.ended(call, failures.refused(call, reason, condemner.problem()));
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
