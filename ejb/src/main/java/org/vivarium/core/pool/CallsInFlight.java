package org.vivarium.core.pool;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.vivarium.api.Actor;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.view.CallView;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.dispatch.InFlight;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.supervision.PoolSupervisor;

/** The calls that workers have now, seen from outside: they are found by their slots, so no call pays for it. */
final class CallsInFlight {
    private final PoolContext parts;
    private final PoolSupervisor supervisor;

    CallsInFlight(PoolContext parts, PoolSupervisor supervisor) {
        this.parts = parts;
        this.supervisor = supervisor;
    }

    private Stream<InFlight> calls() {
        return supervisor.slots().stream().map(Slot::call).filter(Objects::nonNull);
    }

    /** Takes a snapshot of each call, the longest running first. */
    List<CallView> view() {
        long now = parts.ticker().nanos();
        return calls().map(call -> call.view(now))
                .sorted(Comparator.comparingDouble(CallView::runningMillis).reversed())
                .toList();
    }

    /** Cancels the call of that name; returns at once. */
    void cancel(String id, Actor actor) {
        InFlight found = calls().filter(call -> call.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ErrorType.UNKNOWN_CALL.exception(
                        ErrorContext.of(parts.name()),
                        "pool '%s' has no call '%s' in progress".formatted(parts.name(), id)));
        var unused = found.cancelledBy(actor.name());
    }
}
