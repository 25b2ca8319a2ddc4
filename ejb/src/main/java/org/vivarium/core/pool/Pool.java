package org.vivarium.core.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.Flags;
import org.vivarium.core.session.SessionTable;
import org.vivarium.core.session.Turn;

/**
 * The path of a call: turn, line, slot, exchange, answer.
 *
 * <p>The caller's thread does all of it: no other thread is in a call's way. A worker that was lost before the program
 * began is replaced by another one within the same call; everything else is the caller's to know. Thread safe.
 */
public final class Pool {
    private final CallPath path;
    private final ProgramCatalog catalog;
    private final Admission admission;
    private final Execution execution;

    Pool(CallPath path, ProgramCatalog catalog) {
        this.path = path;
        this.catalog = catalog;
        this.admission = new Admission(path);
        this.execution = new Execution(path);
    }

    /** Returns the pool's name. */
    public String name() {
        return path.parts().name();
    }

    /** Returns the sessions of this pool's callers. */
    SessionTable sessions() {
        return admission.sessions();
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
    @SuppressWarnings("try") // closed is all that it is for
    public Payload call(String program, Payload inputs, CallOptions options) {
        Call call = prepare(program, inputs, options);
        try (Turn turn = admission.enter(call)) {
            return carryOut(call);
        }
    }

    private Payload carryOut(Call call) {
        while (true) {
            Slot slot = admission.checkOut(call, given -> execution.giveHeadStart(call, given));
            Payload result = execution.attempt(call, slot);
            if (result != null) {
                return result;
            }
        }
    }

    /**
     * Calls a program without holding the caller's thread; completes on a thread of {@code executor}. Cancelling the
     * future cancels the call.
     */
    public CompletableFuture<Payload> callAsync(
            String program, Payload inputs, CallOptions options, Executor executor) {
        CompletableFuture<Payload> ended = new CompletableFuture<>();
        CompletableFuture<Payload> answer = ended.copy();
        try {
            Call call = prepare(program, inputs, options);
            Turn turn = admission.enterAsync(call, (entered, failure) -> {
                if (failure == null) {
                    attemptAsync(entered, executor, ended);
                } else {
                    ended.completeExceptionally(failure);
                }
            });
            CompletableFuture<?> unused = ended.whenComplete((result, failure) -> close(turn));
            unused = answer.whenComplete((result, failure) -> {
                if (answer.isCancelled()) {
                    call.cancel(Cancellation.CALLER);
                }
            });
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
        return answer;
    }

    private static void close(@Nullable Turn turn) {
        if (turn != null) {
            turn.close();
        }
    }

    /** Calls a program and returns what it yields, as it comes; returns once a worker has the call. */
    public PayloadStream stream(String program, Payload inputs, CallOptions options) {
        Call call = prepare(program, inputs, options);
        call.welcomeChunks();
        Turn turn = admission.enter(call);
        CallStream stream = new CallStream(call, admission, execution, () -> close(turn));
        stream.start(path);
        return stream;
    }

    private void attemptAsync(Call call, Executor executor, CompletableFuture<Payload> future) {
        admission.checkOutAsync(call, (slot, refused) -> {
            try {
                executor.execute(() -> carryOut(call, executor, future, slot, refused));
            } catch (RuntimeException e) { // the executor takes nothing more
                if (slot != null) {
                    path.dispatcher().release(slot);
                }
                future.completeExceptionally(
                        path.ledger().ended(call, path.failures().unexpected(call, e)));
            }
        });
    }

    private void carryOut(
            Call call,
            Executor executor,
            CompletableFuture<Payload> future,
            @Nullable Slot slot,
            @Nullable NoSlotException refused) {
        try {
            if (slot == null) {
                throw admission.refused(call, refused == null ? NoSlotException.Reason.STOPPED : refused.reason());
            }
            Payload result = execution.attempt(call, slot);
            if (result == null) {
                attemptAsync(call, executor, future);
            } else {
                future.complete(result);
            }
        } catch (RuntimeException | Error e) { // whoever waits must hear of it
            future.completeExceptionally(e);
        }
    }

    private Call prepare(String program, Payload inputs, CallOptions options) {
        long now = path.nanos();
        PoolSettings settings = path.parts().store().current();
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
        return new Call(
                name(),
                program,
                options.progress() == null ? frame : frame.withWelcome(Flags.PROGRESS_WELCOME),
                options,
                times);
    }

    /** Only before any worker was ready nobody knows the programs; then the worker itself answers. */
    private byte[] unlisted(String program) {
        byte[] utf8 = program.getBytes(UTF_8);
        boolean unknown = !catalog.isEmpty() && catalog.find(program) == null; // it may have come since the first look
        if (unknown || program.startsWith("$") || utf8.length > 0xffff) {
            throw path.failures().unknownProgram(program, catalog.names());
        }
        path.condemner().wake(); // no worker was ever ready: maybe because nobody has called yet
        return utf8;
    }
}
