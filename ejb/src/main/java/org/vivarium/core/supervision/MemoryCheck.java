package org.vivarium.core.supervision;

import static org.vivarium.core.config.PoolParameter.HARD_MEMORY_MEGABYTES;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.WorkerState;
import org.vivarium.core.capacity.MemoryRoom;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.process.procfs.ProcessSample;
import org.vivarium.core.recovery.RestartGovernor;
import org.vivarium.core.worker.Worker;

/**
 * Finds out whether more workers fit into the memory of the container: else the kernel would kill one that serves, or
 * the server. Belongs to the supervisor's thread.
 */
final class MemoryCheck {
    private static final int BITS_PER_MEBIBYTE = 20;

    private final PoolContext parts;
    private final WorkerRegistry registry;
    private final RestartGovernor governor;

    MemoryCheck(PoolContext parts, WorkerRegistry registry, RestartGovernor governor) {
        this.parts = parts;
        this.registry = registry;
        this.governor = governor;
    }

    /**
     * Returns how many of {@code wanted} workers may be started now. The first worker of a pool always may, for without
     * it the pool would be of no use. When some do not fit, nothing is asked again before a back-off has passed.
     */
    int fitting(int wanted) {
        int always = registry.workers().stream().noneMatch(MemoryCheck::lives) ? 1 : 0;
        if (wanted <= always) {
            return wanted;
        }
        if (governor.awaitsRoom()) {
            return always;
        }
        MemoryRoom room = look();
        int fit = room.fitting(wanted);
        if (fit < wanted) {
            governor.noRoom(room.inWords());
        } else {
            governor.hasRoom();
        }
        return Math.max(always, fit);
    }

    /** Returns why another worker does not fit now; {@code null} if it does. */
    @Nullable String obstacle() {
        MemoryRoom room = look();
        return room.fitting(1) == 1 ? null : room.inWords();
    }

    private MemoryRoom look() {
        List<Worker> workers = registry.workers();
        MemoryRoom.Need need = need(workers);
        return new MemoryRoom(
                need.bytes() == 0 ? MemoryRoom.NO_LIMIT : parts.launcher().memoryFreeBytes(), // which costs some files
                workers.stream()
                        .filter(worker -> worker.state() == WorkerState.TERMINATING)
                        .mapToLong(MemoryCheck::held)
                        .sum(),
                Math.toIntExact(workers.stream()
                        .filter(worker -> worker.state() == WorkerState.INITIALIZING)
                        .count()),
                need);
    }

    private MemoryRoom.Need need(List<Worker> workers) {
        long limit = parts.store().current().value(HARD_MEMORY_MEGABYTES) << BITS_PER_MEBIBYTE;
        if (limit > 0) {
            return new MemoryRoom.Need(limit, "HardMemoryMegabytes");
        }
        long largest = workers.stream().mapToLong(MemoryCheck::held).max().orElse(0);
        return largest == 0 ? MemoryRoom.Need.UNKNOWN : new MemoryRoom.Need(largest, "as the largest of this pool has");
    }

    /** Returns what ends with the worker, as far as it was seen: what it shares with others stays. */
    private static long held(Worker worker) {
        ProcessSample seen = worker.sample();
        if (seen == null) {
            return 0;
        }
        return seen.privateBytes() > 0 ? seen.privateBytes() : seen.rssBytes();
    }

    private static boolean lives(Worker worker) {
        WorkerState state = worker.state();
        return state != WorkerState.TERMINATING && state != WorkerState.TERMINATED;
    }
}
