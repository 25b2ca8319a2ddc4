package org.vivarium.core.resource;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.ProcessRole;
import org.vivarium.api.event.EventType;
import org.vivarium.core.process.host.HostedProcess;
import org.vivarium.core.process.procfs.ProcessSample;

/**
 * Which processes there are in one sample, and how they are related. Found by parentage from what was started, and
 * remembered from the previous sample, so that what has lost its parents and is nobody's child any more is not lost
 * sight of.
 */
final class Census {
    /** More processes are not sampled, so that a program that forks without end does not make us slow. */
    static final int MOST = 1_000;

    /** Zombies and orphans exist for a moment whenever a process ends. */
    static final int LOOKS_TO_BELIEVE = 2;

    /** In the environment of whatever a worker starts: see forkserver/workers.py. */
    private static final String WORKER_VARIABLE = "VIVARIUM_WORKER";

    private final ProcessSource source;
    private final Map<Long, HostedProcess> hosted = new HashMap<>();
    private final Map<Long, Tracked> present = new LinkedHashMap<>();

    Census(ProcessSource source, List<HostedProcess> started) {
        this.source = source;
        started.forEach(process -> hosted.put(process.pid(), process));
        hosted.remove(0L);
    }

    /** Takes all processes, each as {@code sighted} tells; {@code null} for one that has gone. */
    Map<Long, Tracked> take(Set<Long> remembered, LongFunction<@Nullable Tracked> sighted) {
        Set<Long> pids = new LinkedHashSet<>();
        hosted.values().stream()
                .filter(process -> process.role() == ProcessRole.GUARDIAN)
                .map(HostedProcess::pid)
                .forEach(guardian -> {
                    pids.add(guardian);
                    pids.addAll(source.family().below(guardian));
                });
        pids.addAll(remembered);
        pids.stream().limit(MOST).forEach(pid -> {
            Tracked process = sighted.apply(pid);
            if (process != null) {
                present.put(pid, process);
            }
        });
        present.values().forEach(this::place);
        return present;
    }

    @Nullable HostedProcess hosted(long pid) {
        return hosted.get(pid);
    }

    private void place(Tracked process) {
        ProcessSample sample = process.sample();
        HostedProcess known = hosted.get(sample.pid());
        boolean lost = known == null && isLost(sample);
        boolean believed = process.inARow(EventType.RESOURCE_ORPHAN, lost) >= LOOKS_TO_BELIEVE;
        if (known != null) {
            process.is(known.role());
        } else if (!lost) {
            process.is(ProcessRole.CHILD);
        } else if (believed) {
            process.is(ProcessRole.ORPHAN);
        } // else it stays what it was: a worker may be too young to be known, or about to end with its guardian
        Owner owner = owner(process);
        if (owner == null && believed) {
            owner = ownerByTraces(sample);
        }
        if (owner != null) {
            process.belongsTo(owner);
        }
    }

    /**
     * Returns whether it has lost its parent: it lives below another one that adopts, in a session that is not of that
     * one (what an import has started is), or outside.
     */
    private boolean isLost(ProcessSample sample) {
        if (sample.isZombie()) {
            return false;
        }
        Tracked parent = present.get(sample.parent());
        if (parent == null) {
            return true;
        }
        HostedProcess adopter = hosted.get(sample.parent());
        return adopter != null && adopter.adopts() && parent.sample().session() != sample.session();
    }

    /** Returns the worker that it is, or the nearest one above it, or what is remembered of it. */
    private @Nullable Owner owner(Tracked process) {
        Tracked at = process;
        for (int steps = 0; at != null && steps < MOST; steps++) { // parents seen at different moments may form a ring
            HostedProcess known = hosted.get(at.sample().pid());
            if (known != null) {
                return known.role() == ProcessRole.WORKER ? ownerOf(known) : process.owner();
            }
            if (at.owner() != null) {
                return at.owner();
            }
            at = present.get(at.sample().parent());
        }
        return process.owner();
    }

    /** Returns the worker whose session it is in, or whose name is in the environment that it was started with. */
    private @Nullable Owner ownerByTraces(ProcessSample sample) {
        HostedProcess leader = hosted.get(sample.session());
        if (leader != null && leader.role() == ProcessRole.WORKER) {
            return ownerOf(leader);
        }
        String name = source.sampler().environment(sample.pid(), WORKER_VARIABLE);
        if (name == null) {
            return null;
        }
        return hosted.values().stream()
                .filter(process ->
                        process.role() == ProcessRole.WORKER && process.name().equals(name))
                .findFirst()
                .map(Census::ownerOf)
                .orElse(new Owner("", name));
    }

    private static Owner ownerOf(HostedProcess worker) {
        String pool = worker.pool();
        return new Owner(pool == null ? "" : pool, worker.name());
    }
}
