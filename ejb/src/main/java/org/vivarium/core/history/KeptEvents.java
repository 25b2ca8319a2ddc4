package org.vivarium.core.history;

import static java.util.Objects.requireNonNullElse;

import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.event.WorkerTransitioned;
import org.vivarium.api.operation.JsonText;
import org.vivarium.core.telemetry.EventHandler;

/** Has the events kept that tell of the lives of pools, workers and programs; never those of single calls. */
public final class KeptEvents implements EventHandler {
    private static final Set<EventType> KEPT = EnumSet.of(
            EventType.POOL_INIT,
            EventType.POOL_TERMINATE,
            EventType.POOL_RESIZED,
            EventType.POOL_EXHAUSTED,
            EventType.POOL_CONFIGURED,
            EventType.POOL_ROLLOUT,
            EventType.WORKER_TRANSITION,
            EventType.WORKER_RECOVERY,
            EventType.RECOVERY_DECIDED,
            EventType.BREAKER_CHANGED,
            EventType.ISOLATION_CHANGED,
            EventType.OBJECTIVE_LEVEL_CHANGED,
            EventType.ERROR_UNEXPECTED,
            EventType.RESOURCE_ZOMBIE,
            EventType.RESOURCE_ORPHAN,
            EventType.RESOURCE_STOPPED,
            EventType.RESOURCE_GROWING);

    private final InstantSource clock;
    private final Consumer<KeptEvent> keeper;

    /** Gives events to {@code keeper}, which must not block. */
    public KeptEvents(InstantSource clock, Consumer<KeptEvent> keeper) {
        this.clock = clock;
        this.keeper = keeper;
    }

    /** Returns whether an event is one of those that are kept. */
    public static boolean wants(PoolEvent event) {
        return KEPT.contains(event.type()) && !(event instanceof WorkerTransitioned moved && isOfCall(moved));
    }

    private static boolean isOfCall(WorkerTransitioned moved) {
        boolean comes = moved.from() == WorkerState.READY && moved.to() == WorkerState.BUSY;
        return comes || (moved.from() == WorkerState.BUSY && moved.to() == WorkerState.READY);
    }

    @Override
    public void on(PoolEvent event) {
        String subject = requireNonNullElse(event.worker(), requireNonNullElse(event.program(), ""));
        keeper.accept(
                new KeptEvent(clock.instant(), event.pool(), event.name(), subject, JsonText.of(event.members())));
    }
}
