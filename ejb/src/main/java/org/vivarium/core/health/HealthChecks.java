package org.vivarium.core.health;

import static org.vivarium.core.config.PoolParameter.HEALTH_CHECK_TIMEOUT;
import static org.vivarium.core.config.PoolParameter.HEALTH_RECHECK;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.UnexpectedError;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.dispatch.SlotDispatcher;
import org.vivarium.core.health.CheckCounts.Result;
import org.vivarium.core.process.channel.ChannelLostException;
import org.vivarium.core.process.channel.DeadlineException;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.recovery.Decision;
import org.vivarium.core.recovery.Failure;
import org.vivarium.core.supervision.PoolSupervisor;
import org.vivarium.core.supervision.SlotLending;
import org.vivarium.core.telemetry.Operation;
import org.vivarium.core.telemetry.Span;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * Pings idle workers. A busy worker is not pinged: a long call is no illness.
 *
 * <p>A check owns one slot like a caller. A failed one degrades the worker and keeps the slot until a later check
 * succeeds, or until too many in a row have failed and the worker is replaced. Its other slots rest meanwhile, as soon
 * as a call has found that it cannot use them.
 */
public final class HealthChecks {
    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

    private final PoolContext parts;
    private final SlotDispatcher dispatcher;
    private final PoolSupervisor supervisor;
    private final Executor executor;

    /** Slots of degraded workers, or with an answer owed, between two checks. Who takes one out owns it. */
    private final Set<Slot> waiting = ConcurrentHashMap.newKeySet();

    /** Workers of which a slot is pinged, or waits for its next check: one at a time, so that failures are in a row. */
    private final Set<Worker> underCheck = ConcurrentHashMap.newKeySet();

    private final AtomicInteger sweeps = new AtomicInteger();
    private final CheckCounts counts = new CheckCounts();

    private volatile boolean closed;

    public HealthChecks(PoolContext parts, SlotDispatcher dispatcher, PoolSupervisor supervisor, Executor executor) {
        this.parts = parts;
        this.dispatcher = dispatcher;
        this.supervisor = supervisor;
        this.executor = executor;
    }

    /** Returns how many checks have ended in each way since the pool started. */
    public Map<String, Long> results() {
        return counts.view();
    }

    /** Checks every idle worker once, one after the other; takes long only if workers do not answer. */
    public void sweep() {
        List<Slot> slots = new ArrayList<>(supervisor.slots());
        Collections.rotate(slots, sweeps.getAndIncrement()); // so that each slot of a worker is asked now and then
        Set<Worker> checked = new HashSet<>();
        for (Slot slot : slots) {
            if (!checked.contains(slot.worker()) && checkIfIdle(slot)) {
                checked.add(slot.worker());
            }
        }
    }

    /** Checks one worker out of turn, if it is idle; returns at once. */
    void checkSoon(Worker worker) {
        executor.execute(() -> {
            boolean unused = supervisor.slots().stream()
                    .filter(slot -> slot.worker().equals(worker))
                    .anyMatch(this::checkIfIdle);
        });
    }

    /** Checks the worker of {@code slot} by that slot, and returns whether it did: one slot speaks for all. */
    private boolean checkIfIdle(Slot slot) {
        Worker worker = slot.worker();
        if (worker.state() != WorkerState.READY || !underCheck.add(worker)) {
            return false;
        }
        if (!dispatcher.borrow(slot)) {
            underCheck.remove(worker);
            return false;
        }
        if (worker.state() == WorkerState.READY) {
            check(slot, false);
        } else { // a call has come by another slot, and a busy worker is not pinged
            ended(slot);
            dispatcher.release(slot);
        }
        return true;
    }

    private void recheck(Slot slot) {
        if (waiting.remove(slot)) {
            check(slot, true);
        }
    }

    /** Pings, after the answer to the last ping if one is {@code owed}. */
    private void check(Slot slot, boolean owed) {
        if (!SlotLending.servesOn(slot)) {
            ended(slot);
            supervisor.handOver(slot);
            return;
        }
        Duration timeout = parts.store().current().duration(HEALTH_CHECK_TIMEOUT);
        Span span = begin(slot);
        long deadline = parts.ticker().nanos() + timeout.toNanos();
        try {
            if (owed) {
                slot.channel().receiveLast(() -> deadline);
            }
            slot.channel().ping(() -> deadline);
        } catch (DeadlineException e) {
            span.fail("no answer within " + timeout);
            failed(slot, timeout);
            return;
        } catch (ChannelLostException e) {
            counts.count(Result.CHANNEL_LOST);
            lost(slot, span, TransitionReason.CHANNEL_LOST, String.valueOf(e.getMessage()));
            return;
        } catch (ProtocolException e) {
            counts.count(Result.PROTOCOL_BROKEN);
            lost(slot, span, TransitionReason.PROTOCOL_BROKEN, String.valueOf(e.getMessage()));
            return;
        } catch (RuntimeException e) { // nobody knows what the channel has read: better no slot than a wrong answer
            LOG.error("pool '{}': a health check of {} failed unexpectedly", parts.name(), slot.worker(), e);
            parts.telemetry()
                    .publish(new UnexpectedError(parts.name(), slot.worker().name(), e.toString()));
            counts.count(Result.FAILED_INSIDE);
            lost(slot, span, TransitionReason.CHANNEL_LOST, e.toString());
            return;
        }
        span.end();
        counts.count(Result.PASSED);
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
        discard(slot, reason, detail);
    }

    private void passed(Slot slot) {
        Worker worker = slot.worker();
        worker.checkPassed(parts.clock().instant());
        ended(slot);
        if (worker.state() == WorkerState.DEGRADED && worker.machine().recover()) {
            supervisor.recovered(worker);
        }
        dispatcher.release(slot);
    }

    /**
     * A worker that has got a call by another slot meanwhile is treated like any busy one, so that a long call is no
     * failure: its failed check counts for nothing, and only this slot waits for the answer.
     */
    private void failed(Slot slot, Duration timeout) {
        Worker worker = slot.worker();
        Failure.CheckFailed failure = new Failure.CheckFailed(worker.name(), worker.healthFailures() + 1, timeout);
        boolean degraded = worker.checkFailed(parts.clock().instant(), failure.inWords());
        counts.count(degraded ? Result.TIMED_OUT : Result.OVERTAKEN);
        if (!degraded) {
            checkAgain(slot, parts.store().current().duration(HEALTH_RECHECK));
            return;
        }
        Decision decision = supervisor.governor().decide(failure, false);
        if (decision instanceof Decision.Degrade) {
            checkAgain(slot, decision.delay());
        } else {
            discard(slot, TransitionReason.TOO_MANY_HEALTH_FAILURES, decision.reason());
        }
    }

    private void checkAgain(Slot slot, Duration delay) {
        waiting.add(slot);
        supervisor.later(() -> executor.execute(() -> recheck(slot)), delay);
        if (closed) { // since: nobody will check again
            letGo(slot);
        }
    }

    private void discard(Slot slot, TransitionReason reason, @Nullable String detail) {
        ended(slot);
        supervisor.discard(slot, reason, detail);
    }

    /** Lets others check the worker; before the slot is given back. */
    private void ended(Slot slot) {
        underCheck.remove(slot.worker());
    }

    private void letGo(Slot slot) {
        if (waiting.remove(slot)) {
            slot.channel().close();
        }
    }

    /** Closes the channels of degraded workers: their next check will not come. */
    public void close() {
        closed = true;
        waiting.forEach(this::letGo);
    }
}
