package org.vivarium.core.worker;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.LogLevel;
import org.vivarium.core.process.WorkerProcess;

/**
 * The levels that operators have given to Python loggers of one pool. Every worker gets all of them whenever one
 * changes, and when it starts. Thread safe.
 */
public final class LoggerLevels {
    private static final int LONGEST_NAME = 255;
    private static final int MOST = 1_000;

    private final Supplier<List<Worker>> workers;
    private volatile Map<String, LogLevel> levels = Map.of();

    /** Takes what returns the live workers of the pool. */
    public LoggerLevels(Supplier<List<Worker>> workers) {
        this.workers = workers;
    }

    /** Returns the levels by the names of the loggers. */
    public Map<String, LogLevel> all() {
        return levels;
    }

    /** Returns the level that a logger was given; {@code null} if it has that of the program. */
    public @Nullable LogLevel of(String logger) {
        return levels.get(checked(logger));
    }

    /** Gives a logger a level in all workers, or with {@code null} the one that the program has for it. */
    public void set(String logger, @Nullable LogLevel level) {
        change(checked(logger), level);
        workers.get().forEach(this::tell);
    }

    private static String checked(String logger) {
        if (logger.isBlank() || logger.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "logger must be the name of a Python logger, such as crm.db or root, of at most %d characters"
                            .formatted(LONGEST_NAME));
        }
        return logger;
    }

    private synchronized void change(String logger, @Nullable LogLevel level) {
        Map<String, LogLevel> changed = new TreeMap<>(levels);
        if (level == null) {
            changed.remove(logger);
        } else {
            changed.put(logger, level);
        }
        if (changed.size() > MOST) {
            throw new IllegalArgumentException(
                    "%d loggers have a level already; take some of them back".formatted(MOST));
        }
        levels = Collections.unmodifiableMap(changed);
    }

    /** Has {@code worker} log at the levels of the moment, as soon as it can; of two at once the later one counts. */
    public synchronized void tell(Worker worker) {
        WorkerProcess process = worker.process();
        if (process != null) {
            process.logAt(levels.entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            Map.Entry::getKey, entry -> entry.getValue().python())));
        }
    }
}
