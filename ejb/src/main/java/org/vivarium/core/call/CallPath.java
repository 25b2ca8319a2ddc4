package org.vivarium.core.call;

import java.util.concurrent.Executor;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.SessionEvent;
import org.vivarium.api.event.WorkerCheckedIn;
import org.vivarium.api.event.WorkerCheckedOut;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.dispatch.SlotDispatcher;
import org.vivarium.core.dispatch.WorkerDisposal;
import org.vivarium.core.program.Programs;
import org.vivarium.core.worker.Worker;

/**
 * What all steps of a call share, from its admission to its end.
 *
 * @param executor may block in its tasks
 */
public record CallPath(
        PoolContext parts,
        SlotDispatcher dispatcher,
        CallLedger ledger,
        CallFailures failures,
        WorkerDisposal disposal,
        Programs programs,
        Executor executor) {
    /** Returns the time by the ticker of the pool. */
    public long nanos() {
        return parts.ticker().nanos();
    }

    /** Publishes that {@code worker} has {@code call}, if the filter asks for it. */
    void tellCheckOut(Call call, Worker worker) {
        if (parts.telemetry().wants(EventType.WORKER_CHECKOUT)) {
            parts.telemetry()
                    .publish(
                            new WorkerCheckedOut(
                                    parts.name(),
                                    worker.name(),
                                    call.program(),
                                    call.request().context()),
                            call.attempt().startNanos());
        }
    }

    /** Publishes that {@code worker} has ended a call, if the filter asks for it. */
    void tellCheckIn(Worker worker) {
        if (parts.telemetry().wants(EventType.WORKER_CHECKIN)) {
            parts.telemetry().publish(new WorkerCheckedIn(parts.name(), worker.name()));
        }
    }

    /** Publishes {@code type} of the session of {@code call}, which {@code worker} has, if the filter asks for it. */
    public void tellSession(EventType type, Call call, Worker worker) {
        if (parts.telemetry().wants(type)) {
            parts.telemetry()
                    .publish(new SessionEvent(
                            type, parts.name(), worker.name(), call.request().context()));
        }
    }
}
