package org.vivarium.core.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.core.changes.Change;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.dispatch.SlotDispatcher;
import org.vivarium.core.process.channel.ChannelLostException;
import org.vivarium.core.process.channel.DeadlineException;
import org.vivarium.core.process.channel.Reply;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.Json;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.supervision.PoolSupervisor;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * Runs built-in commands in one worker, for operators: by a slot that is free, which it owns like a caller meanwhile.
 *
 * <p>It never waits for a slot, because whoever has them may need hours. A worker that breaks the command off, or does
 * not answer in time, is replaced: nobody knows what its channel would bring next. Thread safe.
 */
public final class WorkerCommands {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerCommands.class);
    private static final String COLLECT_GARBAGE = "$collect_garbage";

    private final PoolContext parts;
    private final SlotDispatcher dispatcher;
    private final PoolSupervisor supervisor;

    public WorkerCommands(PoolContext parts, SlotDispatcher dispatcher, PoolSupervisor supervisor) {
        this.parts = parts;
        this.dispatcher = dispatcher;
        this.supervisor = supervisor;
    }

    /**
     * Has {@code worker} collect its garbage, all generations, and returns how many unreachable objects it found.
     *
     * @throws PythonException of type {@code WorkerBusy} if no slot of it is free, {@code WorkerLost} if it does not
     *     answer
     */
    public long collectGarbage(Worker worker, Actor actor) {
        Slot slot = freeSlot(worker);
        record(slot, actor);
        try {
            long objects = collected(run(slot, COLLECT_GARBAGE));
            dispatcher.release(slot);
            return objects;
        } catch (DeadlineException e) {
            throw lost(
                    slot,
                    TransitionReason.CHANNEL_LOST,
                    "no answer to " + COLLECT_GARBAGE + " within " + timeout().toMillis() + " ms");
        } catch (ChannelLostException e) {
            throw lost(slot, TransitionReason.CHANNEL_LOST, String.valueOf(e.getMessage()));
        } catch (ProtocolException e) {
            throw lost(slot, TransitionReason.PROTOCOL_BROKEN, String.valueOf(e.getMessage()));
        }
    }

    private void record(Slot slot, Actor actor) {
        Change collect = Change.of(actor, "collect-garbage", parts.name())
                .about("worker", slot.worker().name());
        try {
            parts.changes().record(collect);
        } catch (PythonException e) {
            dispatcher.release(slot);
            throw e;
        }
    }

    private Slot freeSlot(Worker worker) {
        return supervisor.slots().stream()
                .filter(slot -> slot.worker().equals(worker) && dispatcher.borrow(slot))
                .findFirst()
                .orElseThrow(() -> ErrorType.WORKER_BUSY.exception(
                        ErrorContext.of(parts.name()),
                        "worker %s is %s and has no free slot; try again when it is idle"
                                .formatted(worker.name(), worker.state())));
    }

    private Reply run(Slot slot, String command) throws ChannelLostException, DeadlineException, ProtocolException {
        long deadline = parts.ticker().nanos() + timeout().toNanos();
        CallFrame call = new CallFrame(command.getBytes(UTF_8), new byte[0], Payload.EMPTY);
        return slot.channel().exchange(call, () -> deadline);
    }

    private Duration timeout() {
        return parts.service().get().duration(ServiceParameter.GARBAGE_TIMEOUT);
    }

    private static long collected(Reply reply) throws ProtocolException {
        if (!reply.isError() && Json.readObject(reply.payload().json()).get("collected") instanceof Number objects) {
            return objects.longValue();
        }
        throw new ProtocolException("the answer to " + COLLECT_GARBAGE + " has no number of objects");
    }

    private PythonException lost(Slot slot, TransitionReason reason, String detail) {
        String worker = slot.worker().name();
        LOG.warn("pool '{}': worker {} is replaced after a command: {}", parts.name(), worker, detail);
        supervisor.discard(slot, reason, detail);
        return ErrorType.WORKER_LOST.exception(
                ErrorContext.of(parts.name()), "worker %s was lost: %s".formatted(worker, detail));
    }
}
