package org.vivarium.core.capacity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.vivarium.api.WorkerState;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * What to do about the number of workers, decided from a snapshot of all of them; somebody else does it.
 *
 * <p>A worker that is to leave is drained only once more workers than wanted take calls; so replacing workers never
 * takes capacity away. At most {@link Targets#replacements} are on their way out and in at the same time. A spare that
 * is ready takes the place of a worker that is missing or leaves, and another spare is started.
 *
 * @param enlist spares that enter service now
 * @param start how many workers to start now
 * @param drain workers that leave now, and why
 */
public record CapacityPlan(List<Worker> enlist, int start, Map<Worker, TransitionReason> drain) {

    /**
     * What is wanted.
     *
     * @param serving workers that take calls
     * @param spares ready workers besides
     * @param replacements most workers that are replaced at the same time
     * @param batch most workers that start at the same time
     */
    public record Targets(int serving, int spares, int replacements, int batch) {}

    /** Returns what brings {@code workers}, oldest first, closer to {@code targets}. */
    public static CapacityPlan of(List<WorkerSnapshot> workers, Targets targets) {
        return new Planner(workers, targets).plan();
    }

    private static final class Planner {
        private final Targets targets;
        private final List<WorkerSnapshot> active;
        private final List<WorkerSnapshot> leavers;
        private final List<WorkerSnapshot> spares;
        private final List<WorkerSnapshot> starting;
        private final List<WorkerSnapshot> needless;
        private final int wantedActive;
        private final Map<Worker, TransitionReason> drain = new LinkedHashMap<>();

        Planner(List<WorkerSnapshot> workers, Targets targets) {
            this.targets = targets;
            active = staying(workers, WorkerSnapshot::isActive);
            spares = staying(workers, WorkerSnapshot::isSpare);
            starting = staying(workers, WorkerSnapshot::isStarting);
            leavers = leaving(workers, WorkerSnapshot::isActive);
            needless = leaving(workers, snapshot -> snapshot.isSpare() || snapshot.isStarting());
            int onTheWayOut = leaving(workers, WorkerSnapshot::isDraining).size();
            int replaced = Math.max(0, Math.min(leavers.size(), targets.replacements() - onTheWayOut));
            wantedActive = Math.max(0, Math.min(targets.serving(), targets.serving() - leavers.size() + replaced));
        }

        private static List<WorkerSnapshot> staying(List<WorkerSnapshot> workers, Predicate<WorkerSnapshot> kind) {
            return workers.stream()
                    .filter(snapshot -> snapshot.leaving() == null)
                    .filter(kind)
                    .toList();
        }

        private static List<WorkerSnapshot> leaving(List<WorkerSnapshot> workers, Predicate<WorkerSnapshot> kind) {
            return workers.stream()
                    .filter(snapshot -> snapshot.leaving() != null)
                    .filter(kind)
                    .toList();
        }

        CapacityPlan plan() {
            int gap = Math.max(0, wantedActive - active.size());
            List<Worker> enlist =
                    spares.stream().map(WorkerSnapshot::worker).limit(gap).toList();
            needless.forEach(this::leave);
            drainLeavers(enlist.size());
            int surplusActive = active.size() - wantedActive;
            dismiss(
                    active.stream().sorted(Comparator.comparing(snapshot -> snapshot.state() == WorkerState.DEGRADED)),
                    surplusActive);
            int inReserve = spares.size() - enlist.size() + starting.size();
            int missing = gap - enlist.size() + targets.spares() - inReserve;
            dismiss(Stream.concat(spares.stream().skip(enlist.size()), starting.stream()), -missing);
            return new CapacityPlan(
                    enlist, Math.max(0, Math.min(missing, targets.batch() - starting.size())), Map.copyOf(drain));
        }

        private void drainLeavers(int enlisted) {
            int able = enlisted + count(active) + count(leavers);
            for (WorkerSnapshot leaver : leavers) {
                if (leaver.isAble() && able > targets.serving()) {
                    leave(leaver);
                    able--;
                } else if (!leaver.isAble() && able >= targets.serving()) {
                    leave(leaver);
                }
            }
        }

        private static int count(List<WorkerSnapshot> standings) {
            return (int) standings.stream().filter(WorkerSnapshot::isAble).count();
        }

        private void leave(WorkerSnapshot snapshot) {
            TransitionReason reason = snapshot.leaving();
            drain.put(snapshot.worker(), reason == null ? TransitionReason.POOL_SHRUNK : reason);
        }

        /**
         * Sends the last {@code surplus} of {@code candidates} away: the youngest, for the oldest are the warm ones.
         */
        private void dismiss(Stream<WorkerSnapshot> candidates, int surplus) {
            List<WorkerSnapshot> all = new ArrayList<>(candidates.toList());
            for (int i = 0; i < surplus && i < all.size(); i++) {
                leave(all.get(all.size() - 1 - i));
            }
        }
    }
}
