package org.vivarium.core.pool;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.vivarium.api.Actor;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.view.CallView;
import org.vivarium.core.admission.WaitingRegistry;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.dispatch.InFlight;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.supervision.PoolSupervisor;

/**
 * The calls of a pool, seen from outside: those that workers have are found by their slots, so no call pays for it;
 * those that wait are registered.
 */
final class CallsInFlight {
    private final PoolContext parts;
    private final PoolSupervisor supervisor;
    private final WaitingRegistry waiting;

    CallsInFlight(PoolContext parts, PoolSupervisor supervisor, WaitingRegistry waiting) {
        this.parts = parts;
        this.supervisor = supervisor;
        this.waiting = waiting;
    }

    private Stream<InFlight> running() {
        return supervisor.slots().stream().map(Slot::call).filter(Objects::nonNull);
    }

    /** Takes a snapshot of each call that a worker has or that waits, the oldest first. */
    List<CallView> all() {
        long now = parts.ticker().nanos();
        return Stream.concat(running(), waiting.all().stream())
                .map(call -> call.view(now))
                .sorted(Comparator.comparingDouble(CallView::totalMillis).reversed())
                .toList();
    }

    /** Takes a snapshot of each call that a worker has, the longest running first. */
    List<CallView> view() {
        long now = parts.ticker().nanos();
        return running()
                .map(call -> call.view(now))
                .sorted(Comparator.comparingDouble(CallView::runningMillis).reversed())
                .toList();
    }

    /** Cancels the call of that name; returns at once. */
    void cancel(String id, Actor actor) {
        InFlight found = Stream.concat(running(), waiting.all().stream())
                .filter(call -> call.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ErrorType.UNKNOWN_CALL.exception(
                        ErrorContext.of(parts.name()),
                        "pool '%s' has no call '%s' that waits or runs".formatted(parts.name(), id)));
        var unused = found.cancelledBy(actor.name());
    }
}
