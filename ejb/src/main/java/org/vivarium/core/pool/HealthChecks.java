package org.vivarium.core.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.vivarium.core.config.PoolParameter.HEALTH_CHECK_TIMEOUT;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Payload;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.UnexpectedError;
import org.vivarium.core.process.ChannelLostException;
import org.vivarium.core.process.DeadlineException;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.recovery.Decision;
import org.vivarium.core.recovery.Failure;
import org.vivarium.core.telemetry.Operation;
import org.vivarium.core.telemetry.Span;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * Pings idle workers. A busy worker is not pinged: a long call is no illness.
 *
 * <p>A check owns the slot like a caller. A failed one degrades the worker and keeps the slot until a later check
 * succeeds, or until too many in a row have failed and the worker is replaced.
 */
final class HealthChecks {
    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

    static final CallFrame PING = new CallFrame("$ping".getBytes(UTF_8), new byte[0], Payload.EMPTY);

    private final PoolParts parts;
    private final SlotDispatcher dispatcher;
    private final PoolSupervisor supervisor;
    private final Executor executor;

    /** Slots of degraded workers between two checks. Who takes one out owns it. */
    private final Set<Slot> waiting = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    HealthChecks(PoolParts parts, SlotDispatcher dispatcher, PoolSupervisor supervisor, Executor executor) {
        this.parts = parts;
        this.dispatcher = dispatcher;
        this.supervisor = supervisor;
        this.executor = executor;
    }

    /** Checks every idle worker once, one after the other; takes long only if workers do not answer. */
    void sweep() {
        supervisor.slots().forEach(this::checkIfIdle);
    }

    /** Checks one worker out of turn, if it is idle; returns at once. */
    void checkSoon(Worker worker) {
        executor.execute(() -> supervisor.slots().stream()
                .filter(slot -> slot.worker() == worker)
                .forEach(this::checkIfIdle));
    }

    private void checkIfIdle(Slot slot) {
        if (slot.worker().state() == WorkerState.READY && dispatcher.borrow(slot)) {
            check(slot, WorkerState.READY);
        }
    }

    private void recheck(Slot slot) {
        if (waiting.remove(slot)) {
            check(slot, WorkerState.DEGRADED);
        }
    }

    private void check(Slot slot, WorkerState expected) {
        if (slot.retire() || slot.worker().state() != expected) {
            supervisor.handOver(slot);
            return;
        }
        Duration timeout = parts.store().current().duration(HEALTH_CHECK_TIMEOUT);
        Span span = begin(slot);
        long deadline = parts.ticker().nanos() + timeout.toNanos();
        try {
            if (expected == WorkerState.DEGRADED) {
                slot.channel().receiveLast(() -> deadline);
            }
            slot.channel().exchange(PING, () -> deadline);
        } catch (DeadlineException e) {
            span.fail("no answer within " + timeout);
            failed(slot, timeout);
            return;
        } catch (ChannelLostException e) {
            lost(slot, span, TransitionReason.CHANNEL_LOST, String.valueOf(e.getMessage()));
            return;
        } catch (ProtocolException e) {
            lost(slot, span, TransitionReason.PROTOCOL_BROKEN, String.valueOf(e.getMessage()));
            return;
        } catch (RuntimeException e) { // nobody knows what the channel has read: better no slot than a wrong answer
            LOG.error("pool '{}': a health check of {} failed unexpectedly", parts.name(), slot.worker(), e);
            parts.telemetry()
                    .publish(new UnexpectedError(parts.name(), slot.worker().name(), e.toString()));
            lost(slot, span, TransitionReason.CHANNEL_LOST, e.toString());
            return;
        }
        span.end();
        passed(slot);
    }

    private Span begin(Slot slot) {
        return Span.begin(
                parts.telemetry(),
                parts.ticker(),
                Operation.HEALTH_CHECK,
                parts.name(),
                slot.worker().name());
    }

    private void lost(Slot slot, Span span, TransitionReason reason, String detail) {
        span.fail(detail);
        supervisor.condemn(slot, reason, detail);
    }

    private void passed(Slot slot) {
        Worker worker = slot.worker();
        worker.checkPassed(parts.clock().instant());
        if (worker.state() == WorkerState.DEGRADED) {
            worker.machine().recover();
        }
        dispatcher.release(slot);
    }

    private void failed(Slot slot, Duration timeout) {
        Worker worker = slot.worker();
        int failures = worker.checkFailed(parts.clock().instant());
        Decision decision = supervisor.setbacks().decide(new Failure.CheckFailed(worker.name(), failures, timeout));
        if (decision instanceof Decision.Degrade degrade) {
            if (worker.state() == WorkerState.READY) {
                worker.machine().degrade(degrade.reason());
            }
            waiting.add(slot);
            supervisor.later(() -> executor.execute(() -> recheck(slot)), degrade.delay());
            if (closed) { // since: nobody will look again
                letGo(slot);
            }
        } else {
            supervisor.condemn(slot, TransitionReason.TOO_MANY_HEALTH_FAILURES, decision.reason());
        }
    }

    private void letGo(Slot slot) {
        if (waiting.remove(slot)) {
            slot.channel().close();
        }
    }

    /** Closes the channels of degraded workers: their next check will not come. */
    void close() {
        closed = true;
        waiting.forEach(this::letGo);
    }
}
