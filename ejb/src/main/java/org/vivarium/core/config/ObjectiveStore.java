package org.vivarium.core.config;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.core.changes.Change;
import org.vivarium.core.changes.ChangeRecorder;

/** The one choke point through which the objectives of one pool are read and changed while it runs. Thread safe. */
public final class ObjectiveStore {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectiveStore.class);

    private final String pool;
    private final ChangeRecorder recorder;
    private final Announcements<Listener> announcements;
    private final ReentrantLock changing = new ReentrantLock(); // makes read, derive and publish one step
    private volatile List<Objective> current;

    /** Starts with what was configured; changes leave lines of the audit log only. */
    public ObjectiveStore(String pool, List<Objective> file) {
        this(pool, file, ChangeRecorder.auditOnly());
    }

    /** Starts with what was configured; changes are recorded by {@code recorder}. */
    public ObjectiveStore(String pool, List<Objective> file, ChangeRecorder recorder) {
        this.pool = requireNonNull(pool, "pool");
        this.recorder = requireNonNull(recorder, "recorder");
        this.current = List.copyOf(file);
        this.announcements = new Announcements<>(LOG, "the objectives of pool " + pool);
    }

    /** Returns the objectives that hold now, always the same ones in the same order. */
    public List<Objective> current() {
        return current;
    }

    /** Returns the target that operators call {@code attribute}; {@code null} if there is none. */
    public @Nullable Double value(String attribute) {
        return targets().get(attribute);
    }

    /** Returns all targets by the names that operators give them, such as {@code prep*.DurationMillis}. */
    public Map<String, Double> targets() {
        return targets(current);
    }

    private static Map<String, Double> targets(List<Objective> objectives) {
        return objectives.stream()
                .flatMap(ObjectiveStore::targets)
                .collect(Collectors.toMap(
                        Target::name, Target::value, (one, other) -> one, java.util.LinkedHashMap::new));
    }

    private static Stream<Target> targets(Objective objective) {
        return Arrays.stream(ObjectiveTarget.values())
                .filter(objective::has)
                .map(target -> new Target(objective.attribute(target), objective.target(target)));
    }

    private record Target(String name, double value) {}

    /**
     * Changes targets, all or none.
     *
     * @param changes name of a target → new value, a number
     * @throws IllegalArgumentException if there is no such target or a value is not allowed; one sentence says which,
     *     what is allowed and what came, and nothing has changed then; that is recorded, too
     * @throws org.vivarium.api.PythonException of type {@code ChangeNotRecorded} if no record of the change can be kept
     */
    public void change(Map<String, ?> changes, Actor actor) {
        try {
            set(changes, actor);
        } catch (IllegalArgumentException e) {
            changes.forEach((name, value) ->
                    recorder.refused(configure(actor, name, value(name), value), String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private Change configure(Actor actor, String name, @Nullable Object from, @Nullable Object to) {
        return Change.of(actor, "configure", pool)
                .about("parameter", "objectives." + name)
                .from(from, to);
    }

    private void set(Map<String, ?> changes, Actor actor) {
        changing.lock();
        try {
            List<Objective> after = current;
            for (Map.Entry<String, ?> change : changes.entrySet()) {
                after = changed(after, change.getKey(), change.getValue());
            }
            List<TargetChange> made = made(targets(), targets(after));
            if (made.isEmpty()) {
                return;
            }
            recorder.record(made.stream()
                    .map(each -> configure(actor, each.name(), each.from(), each.to()))
                    .toList());
            current = List.copyOf(after);
            announcements.queue(
                    listener -> made.forEach(each -> listener.changed(each.name(), each.from(), each.to(), actor)));
        } finally {
            changing.unlock();
        }
        announcements.tell();
    }

    private record TargetChange(String name, double from, double to) {}

    private static List<TargetChange> made(Map<String, Double> before, Map<String, Double> after) {
        return before.entrySet().stream()
                .map(each -> new TargetChange(
                        each.getKey(), each.getValue(), requireNonNull(after.get(each.getKey()), each.getKey())))
                .filter(each -> each.from() != each.to())
                .toList();
    }

    private List<Objective> changed(List<Objective> objectives, String attribute, @Nullable Object value) {
        if (!targets().containsKey(attribute)) {
            throw new IllegalArgumentException("pool " + pool + " has no target " + attribute
                    + (targets().isEmpty()
                            ? "; it has no objectives"
                            : Suggestion.among(targets().keySet(), attribute)));
        }
        int dot = attribute.lastIndexOf('.');
        ObjectiveTarget target = ObjectiveTarget.ofAttribute(attribute.substring(dot + 1));
        if (!(value instanceof Number number)) {
            throw new IllegalArgumentException(attribute + " must be " + target.wanted() + ", was " + value);
        }
        String name = attribute.substring(0, dot);
        return objectives.stream()
                .map(each -> each.name().equals(name) ? each.with(target, number.doubleValue()) : each)
                .toList();
    }

    /** Adds a listener for every change from now on. */
    public void listen(Listener listener) {
        announcements.add(requireNonNull(listener, "listener"));
    }

    /**
     * Hears of changes after they hold, one at a time in the order in which they were made, outside of locks, on the
     * thread that made the change or on one that made another; may not block.
     */
    @FunctionalInterface
    public interface Listener {
        /** Receives one target that has changed. */
        void changed(String target, double from, double to, Actor actor);
    }
}
