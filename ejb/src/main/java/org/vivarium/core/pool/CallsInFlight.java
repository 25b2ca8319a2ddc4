package org.vivarium.core.pool;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.vivarium.api.Actor;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.page.Page;
import org.vivarium.api.view.page.PageRequest;
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

    /**
     * Takes a snapshot of each call of a page, of those that a worker has or that wait, the oldest first.
     *
     * @throws IllegalArgumentException if no page has given the cursor
     */
    Page<CallView> page(PageRequest page) {
        Place after = page.after() == null ? null : Place.parse(page.after());
        long now = parts.ticker().nanos();
        Stream<Placed> rest = Stream.concat(running(), waiting.all().stream())
                .map(call -> new Placed(new Place(call.startedNanos(), call.id()), call))
                .filter(placed -> after == null || after.compareTo(placed.place()) < 0);
        return Page.first(
                        rest,
                        Comparator.comparing(Placed::place),
                        page.limit(),
                        placed -> placed.place().cursor())
                .map(placed -> placed.call().view(now));
    }

    /** Where a call stands among all: by when it was made, for its name changes when a worker gets it. */
    private record Place(long startedNanos, String id) implements Comparable<Place> {
        static Place parse(String cursor) {
            int middle = cursor.indexOf('/');
            try {
                return new Place(
                        Long.parseLong(cursor.substring(0, Math.max(0, middle))), cursor.substring(middle + 1));
            } catch (NumberFormatException e) {
                throw PageRequest.unknownCursor(cursor);
            }
        }

        String cursor() {
            return startedNanos + "/" + id;
        }

        @Override
        public int compareTo(Place other) {
            int byAge = Long.compare(startedNanos - other.startedNanos, 0); // by the ticker, which may overflow
            return byAge != 0 ? byAge : id.compareTo(other.id);
        }
    }

    /** A call with its place, read once: the call may go on meanwhile. */
    private record Placed(Place place, InFlight call) {}

    /** Takes a snapshot of each call that a worker has, the longest running first. */
    List<CallView> view() {
        long now = parts.ticker().nanos();
        return running()
                .map(call -> call.view(now))
                .sorted(Comparator.comparingDouble(CallView::runningMillis).reversed())
                .toList();
    }

    /** Cancels the call of that name and returns at once; returns {@code false} if it has just ended. */
    boolean cancel(String id, Actor actor) {
        return find(id).cancelledBy(actor.name());
    }

    /** Returns a call that waits or runs; an {@code UnknownCall} if there is none of that name. */
    InFlight find(String id) {
        return Stream.concat(running(), waiting.all().stream())
                .filter(call -> call.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ErrorType.UNKNOWN_CALL.exception(
                        ErrorContext.of(parts.name()),
                        "pool '%s' has no call '%s' that waits or runs".formatted(parts.name(), id)));
    }
}
