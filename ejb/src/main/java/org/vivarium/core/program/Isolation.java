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
    private final Map<String, Record> records = new HashMap<>();

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
        Record record = records.computeIfAbsent(program, unused -> new Record());
        record.kills.addLast(pool.ticker().nanos());
        record.lastKill = pool.clock().instant();
        record.forgetBefore(pool.ticker().nanos() - window.toNanos());
        if (record.since == null && limit > 0 && record.kills.size() >= limit) {
            record.since = pool.clock().instant();
            changed(
                    program,
                    record,
                    "it killed %d workers within %d s, the last %s"
                            .formatted(record.kills.size(), window.toSeconds(), worker));
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
            for (Map.Entry<String, Record> each : Map.copyOf(records).entrySet()) {
                each.getValue().forgetBefore(before);
                if (each.getValue().kills.isEmpty()) {
                    release(each.getKey(), "it has killed no worker for " + window.toSeconds() + " s");
                }
            }
        }
    }

    /**
     * Releases a program although it may kill again.
     *
     * @throws org.vivarium.api.InvalidCallException of type {@code UnknownProgram} if it is not isolated
     */
    public synchronized void releaseBy(String program, String operator) {
        if (!contains(program)) {
            throw ErrorType.UNKNOWN_PROGRAM.exception(
                    ErrorContext.of(pool.name(), program),
                    "program '%s' of pool '%s' is not isolated".formatted(program, pool.name()));
        }
        release(program, "released by " + operator);
    }

    private void release(String program, String reason) {
        Record record = records.remove(program);
        if (record != null && record.since != null) {
            record.since = null;
            changed(program, record, reason);
        }
    }

    private void changed(String program, Record record, String reason) {
        boolean now = record.since != null;
        Set<String> names = new HashSet<>(isolated);
        boolean unused = now ? names.add(program) : names.remove(program);
        isolated = Set.copyOf(names);
        LOG.warn("pool '{}': program '{}' is {}isolated: {}", pool.name(), program, now ? "" : "no longer ", reason);
        pool.telemetry().publish(new IsolationChanged(pool.name(), program, now, record.kills.size(), reason));
    }

    private Duration window() {
        return pool.store().current().duration(PoolParameter.ISOLATION_WINDOW);
    }

    /** Takes a snapshot of the isolated programs, by name; {@code waiting} calls of theirs wait for their turn. */
    public synchronized List<IsolationView> view(int waiting) {
        List<IsolationView> views = new ArrayList<>();
        new TreeMap<>(records).forEach((program, record) -> {
            if (record.since != null) {
                views.add(new IsolationView(program, record.since, record.kills.size(), record.lastKill, waiting));
            }
        });
        return views;
    }

    /** What one program has done. */
    private static final class Record {
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
