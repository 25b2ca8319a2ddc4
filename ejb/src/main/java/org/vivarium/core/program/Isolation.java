package org.vivarium.core.program;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.event.IsolationChanged;
import org.vivarium.api.view.IsolationView;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.context.PoolContext;

/**
 * The programs of a pool that kill workers: who has killed {@code IsolationKills} within {@code IsolationWindowMillis}
 * is isolated until it has killed none for as long. What that means for its calls, {@code core.admission} sees to.
 *
 * <p>A kill is the end of a worker that nobody ordered while it had a call of the program; if it had several, each
 * counts, and isolation shows which one it was. Thread safe; {@link #contains} costs one volatile read while no program
 * is isolated.
 */
public final class Isolation {
    private static final Logger LOG = LoggerFactory.getLogger(Isolation.class);

    private final PoolContext pool;

    /** By program; guarded by this object, as is all in it. */
    private final Map<String, Suspect> suspects = new HashMap<>();

    private volatile Set<String> isolated = Set.of();

    public Isolation(PoolContext pool) {
        this.pool = pool;
    }

    /** Returns whether {@code program} is isolated. */
    public boolean contains(String program) {
        Set<String> now = isolated;
        return !now.isEmpty() && now.contains(program);
    }

    /** Notes that {@code program} has killed {@code worker}. */
    public synchronized void killed(String program, String worker) {
        int limit = pool.store().current().integer(PoolParameter.ISOLATION_KILLS);
        Duration window = window();
        long now = pool.ticker().nanos();
        suspects.values().forEach(each -> each.forgetBefore(now - window.toNanos()));
        suspects.values().removeIf(each -> each.since == null && each.kills.isEmpty());
        Suspect suspect = suspects.computeIfAbsent(program, unused -> new Suspect());
        suspect.kills.addLast(now);
        suspect.lastKill = pool.clock().instant();
        if (suspect.since == null && limit > 0 && suspect.kills.size() >= limit) {
            suspect.since = pool.clock().instant();
            String reason = "it killed %d workers within %d s, the last %s"
                    .formatted(suspect.kills.size(), window.toSeconds(), worker);
            LOG.warn("pool '{}': program '{}' is isolated: {}", pool.name(), program, reason);
            changed(program, suspect, reason);
        }
    }

    /** Releases what has killed nobody for the length of the window; to be called now and then. */
    public void sweep() {
        if (isolated.isEmpty()) {
            return;
        }
        synchronized (this) {
            Duration window = window();
            long before = pool.ticker().nanos() - window.toNanos();
            for (Map.Entry<String, Suspect> each : Map.copyOf(suspects).entrySet()) {
                each.getValue().forgetBefore(before);
                if (each.getValue().kills.isEmpty()) {
                    releaseAfter(each.getKey(), window);
                }
            }
        }
    }

    private void releaseAfter(String program, Duration window) {
        String reason = "it has killed no worker for " + window.toSeconds() + " s";
        if (release(program, reason)) {
            LOG.info("pool '{}': program '{}' is no longer isolated: {}", pool.name(), program, reason);
        }
    }

    /**
     * Releases a program although it may kill again.
     *
     * @throws org.vivarium.api.InvalidCallException of type {@code UnknownProgram} if it is not isolated
     */
    public synchronized void releaseBy(String program, String operator) {
        require(program);
        var unused = release(program, "released by " + operator);
    }

    /**
     * Checks that {@code program} is isolated.
     *
     * @throws org.vivarium.api.InvalidCallException of type {@code UnknownProgram} if it is not
     */
    public void require(String program) {
        if (!contains(program)) {
            throw ErrorType.UNKNOWN_PROGRAM.exception(
                    ErrorContext.of(pool.name(), program),
                    "program '%s' of pool '%s' is not isolated".formatted(program, pool.name()));
        }
    }

    /** Returns whether the program was isolated. */
    private boolean release(String program, String reason) {
        Suspect suspect = suspects.remove(program);
        if (suspect == null || suspect.since == null) {
            return false;
        }
        suspect.since = null;
        changed(program, suspect, reason);
        return true;
    }

    private void changed(String program, Suspect suspect, String reason) {
        boolean now = suspect.since != null;
        Set<String> names = new HashSet<>(isolated);
        boolean unused = now ? names.add(program) : names.remove(program);
        isolated = Set.copyOf(names);
        pool.telemetry().publish(new IsolationChanged(pool.name(), program, now, suspect.kills.size(), reason));
    }

    private Duration window() {
        return pool.store().current().duration(PoolParameter.ISOLATION_WINDOW);
    }

    /** Takes a snapshot of the isolated programs, by name; {@code waiting} calls of theirs wait for their turn. */
    public synchronized List<IsolationView> view(int waiting) {
        List<IsolationView> views = new ArrayList<>();
        new TreeMap<>(suspects).forEach((program, suspect) -> {
            if (suspect.since != null) {
                views.add(new IsolationView(program, suspect.since, suspect.kills.size(), suspect.lastKill, waiting));
            }
        });
        return views;
    }

    /** What one program has done. */
    private static final class Suspect {
        /** When it killed, by the ticker. */
        private final Deque<Long> kills = new ArrayDeque<>();

        private Instant lastKill = Instant.EPOCH;
        private @Nullable Instant since;

        void forgetBefore(long nanos) {
            while (!kills.isEmpty() && kills.getFirst() - nanos <= 0) {
                kills.removeFirst();
            }
        }
    }
}
