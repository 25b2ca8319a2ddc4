package org.vivarium.core.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.vivarium.core.config.PoolParameter.HEALTH_CHECK_TIMEOUT;
import static org.vivarium.core.config.PoolParameter.HEALTH_RECHECK;
import static org.vivarium.core.config.PoolParameter.MAXIMUM_HEALTH_FAILURES;

import java.util.concurrent.Executor;
import org.vivarium.api.WorkerState;
import org.vivarium.core.process.ChannelLostException;
import org.vivarium.core.process.DeadlineException;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * Pings idle workers. A busy worker is not pinged: a long call is no illness.
 *
 * <p>A check owns the slot like a caller. A failed one degrades the worker and keeps the slot until a later check
 * succeeds, or until too many in a row have failed and the worker is replaced.
 */
final class HealthChecks {
    static final CallFrame PING = new CallFrame("$ping".getBytes(UTF_8), new byte[0], new byte[0]);

    private final PoolParts parts;
    private final SlotDispatcher dispatcher;
    private final PoolSupervisor supervisor;
    private final Executor executor;

    HealthChecks(PoolParts parts, SlotDispatcher dispatcher, PoolSupervisor supervisor, Executor executor) {
        this.parts = parts;
        this.dispatcher = dispatcher;
        this.supervisor = supervisor;
        this.executor = executor;
    }

    /** Checks every idle worker once, one after the other; takes long only if workers do not answer. */
    void sweep() {
        for (Slot slot : supervisor.slots()) {
            if (slot.worker().state() == WorkerState.READY && dispatcher.borrow(slot)) {
                check(slot, true);
            }
        }
    }

    private void check(Slot slot, boolean first) {
        Worker worker = slot.worker();
        if (slot.retire() || (first ? worker.state() != WorkerState.READY : worker.state() != WorkerState.DEGRADED)) {
            supervisor.handOver(slot);
            return;
        }
        long deadline = parts.ticker().nanos() + parts.store().current().nanos(HEALTH_CHECK_TIMEOUT);
        try {
            if (!first) {
                slot.channel().awaitLateReply(deadline);
            }
            slot.channel().exchange(PING, deadline);
            passed(slot);
        } catch (DeadlineException e) {
            failed(slot);
        } catch (ChannelLostException e) {
            supervisor.condemn(slot, TransitionReason.CHANNEL_LOST, e.getMessage());
        } catch (ProtocolException e) {
            supervisor.condemn(slot, TransitionReason.PROTOCOL_BROKEN, e.getMessage());
        }
    }

    private void passed(Slot slot) {
        Worker worker = slot.worker();
        worker.checkPassed(parts.clock().instant());
        if (worker.state() == WorkerState.DEGRADED) {
            worker.machine().recover();
        }
        dispatcher.release(slot);
    }

    private void failed(Slot slot) {
        Worker worker = slot.worker();
        int failures = worker.checkFailed(parts.clock().instant());
        int limit = parts.store().current().integer(MAXIMUM_HEALTH_FAILURES);
        String detail = "failed check %d of %d: no answer within %d ms"
                .formatted(failures, limit, parts.store().current().value(HEALTH_CHECK_TIMEOUT));
        if (failures >= limit) {
            supervisor.condemn(slot, TransitionReason.TOO_MANY_HEALTH_FAILURES, detail);
            return;
        }
        if (worker.state() == WorkerState.READY) {
            worker.machine().degrade(detail);
        }
        supervisor.later(
                () -> executor.execute(() -> check(slot, false)),
                parts.store().current().duration(HEALTH_RECHECK));
    }
}
