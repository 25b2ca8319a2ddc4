package org.vivarium.core.supervision;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.capacity.Retirement;
import org.vivarium.core.capacity.WorkerSnapshot;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/** A worker with its slots and what is planned for it. Belongs to the supervisor's thread. */
final class PooledWorker {
    private final Worker worker;
    private final Generation generation;
    private final long sinceNanos;
    private final double factor;

    /** Slots that are free or with a caller. */
    private final List<Slot> lent = new ArrayList<>();

    /** Slots that the life cycle owns. */
    private final List<Slot> held = new ArrayList<>();

    /** Slots of a degraded worker that nobody can use; the life cycle owns them until it has recovered. */
    private final List<Slot> resting = new ArrayList<>();

    private boolean lost;
    private boolean failed;
    private @Nullable TransitionReason leaving;
    private boolean onTrial;

    /** Takes the factor of {@link Retirement#draw} as well. */
    PooledWorker(Worker worker, Generation generation, long sinceNanos, double factor) {
        this.worker = worker;
        this.generation = generation;
        this.sinceNanos = sinceNanos;
        this.factor = factor;
    }

    Worker worker() {
        return worker;
    }

    /** Notes that the worker was discarded; returns whether that is new: each owner of a slot discards it. */
    boolean lost() {
        boolean news = !lost;
        lost = true;
        return news;
    }

    /** Notes that the worker has failed; returns whether that is new. */
    boolean failed() {
        boolean news = !failed;
        failed = true;
        return news;
    }

    /** Returns whether it has failed, though its state may not say so yet. */
    boolean hasFailed() {
        return failed;
    }

    Generation generation() {
        return generation;
    }

    /** Returns when it was asked for, by the ticker. */
    long sinceNanos() {
        return sinceNanos;
    }

    double factor() {
        return factor;
    }

    WorkerSnapshot snapshot() {
        return new WorkerSnapshot(worker, worker.state(), worker.inService(), leaving);
    }

    /** Returns why it is to be replaced; {@code null} if it stays. */
    @Nullable TransitionReason leaving() {
        return leaving;
    }

    /** Marks it to be replaced, or not after all. A reason that is already set stays. */
    void leaving(@Nullable TransitionReason reason) {
        leaving = reason == null || leaving == null ? reason : leaving;
    }

    /** Returns whether it has to prove its generation first; until then the planning ignores it. */
    boolean onTrial() {
        return onTrial;
    }

    void onTrial(boolean trial) {
        onTrial = trial;
    }

    void hold(Slot slot) {
        held.add(slot);
    }

    void lend(Slot slot) {
        held.remove(slot);
        lent.add(slot);
    }

    void returned(Slot slot) {
        lent.remove(slot);
        held.add(slot);
    }

    void rest(Slot slot) {
        lent.remove(slot);
        resting.add(slot);
    }

    /** Counts what rests as lent again, and returns it. */
    List<Slot> wake() {
        List<Slot> woken = List.copyOf(resting);
        resting.clear();
        lent.addAll(woken);
        return woken;
    }

    List<Slot> lent() {
        return List.copyOf(lent);
    }

    List<Slot> held() {
        return held;
    }
}
