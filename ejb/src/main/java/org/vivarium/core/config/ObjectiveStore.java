package org.vivarium.core.config;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.core.changes.Change;
import org.vivarium.core.changes.ChangeRecorder;

/**
 * The one choke point through which the objectives of one pool are read, changed, saved and reverted while it runs: all
 * or none of what was asked for at once, recorded before it holds. Thread safe.
 */
public final class ObjectiveStore {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectiveStore.class);

    private final String pool;
    private final String group;
    private final ChangeRecorder recorder;
    private final SavedValues saved;
    private final Announcements<Listener> announcements;
    private final ReentrantLock changing = new ReentrantLock(); // makes read, derive, record and publish one step
    private volatile Targets file;
    private volatile Targets current;

    /** Starts with what was configured; changes leave lines of the audit log only, and nothing lasts. */
    public ObjectiveStore(String pool, List<Objective> file) {
        this(pool, file, ChangeRecorder.auditOnly(), SavedValues.inMemory());
    }

    /**
     * Starts with what was configured and saved. What cannot be used of what was saved is left out, which the log says.
     *
     * @param recorder where all changes are recorded
     * @param saved where targets are saved
     */
    public ObjectiveStore(String pool, List<Objective> file, ChangeRecorder recorder, SavedValues saved) {
        this.pool = requireNonNull(pool, "pool");
        this.group = "objectives " + pool;
        this.recorder = requireNonNull(recorder, "recorder");
        this.saved = requireNonNull(saved, "saved");
        this.file = new Targets(pool, file);
        this.current = started();
        this.announcements = new Announcements<>(LOG, "the objectives of pool " + pool);
    }

    private Targets started() {
        Targets start = file;
        for (Map.Entry<String, Object> each : saved.of(group).entrySet()) {
            try {
                start = start.with(Map.of(each.getKey(), each.getValue()));
            } catch (IllegalArgumentException e) {
                LOG.warn("the saved {} of pool {} is not used: {}", each.getKey(), pool, e.getMessage());
            }
        }
        return start;
    }

    /** Returns the objectives that hold now, always the same ones in the same order. */
    public List<Objective> current() {
        return current.objectives();
    }

    /** Returns the target that operators call {@code attribute}; {@code null} if there is none. */
    public @Nullable Double value(String attribute) {
        return targets().get(attribute);
    }

    /** Returns all targets by the names that operators give them, such as {@code prep*.DurationMillis}. */
    public Map<String, Double> targets() {
        return current.values();
    }

    /** Returns the targets that differ from what is configured, from that to what holds now. */
    public List<ParameterChange> differences() {
        return file.changesTo(current);
    }

    /**
     * Changes targets, all or none.
     *
     * @param changes name of a target → new value, a number
     * @return what changed, from what to what; nothing for what is so already
     * @throws IllegalArgumentException if there is no such target or a value is not allowed; one sentence says which,
     *     what is allowed and what came, and nothing has changed then; that is recorded, too
     * @throws PythonException of type {@code ChangeNotRecorded} if no record of the change can be kept
     */
    public List<ParameterChange> change(Map<String, ?> changes, Actor actor) {
        try {
            return publish(actor, () -> {
                Targets after = current.with(changes);
                return new Step(after, file, records("configure", current.changesTo(after), actor), Map.of());
            });
        } catch (IllegalArgumentException e) {
            changes.forEach((name, value) -> recorder.refused(
                    record("configure", name, value(name), value, actor), String.valueOf(e.getMessage())));
            throw e;
        }
    }

    /**
     * Saves targets, all or none, so that they hold after a restart; forgets what was saved of those that are as
     * configured.
     *
     * @param names of targets; none for all
     * @return what was saved, from what was saved before
     * @throws IllegalArgumentException if there is no such target
     * @throws PythonException of type {@code NotSaved} or {@code ChangeNotRecorded}; nothing has changed then
     */
    public List<ParameterChange> save(Collection<String> names, Actor actor) {
        changing.lock();
        try {
            Map<String, Object> kept = saved.of(group);
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            List<ParameterChange> made = new ArrayList<>();
            for (String name : chosen(names, "save", actor)) {
                Double now = value(name);
                Object after = Objects.equals(now, file.values().get(name)) ? null : now;
                Object before = kept.get(name) instanceof Number number ? number.doubleValue() : null;
                if (!Objects.equals(before, after)) {
                    values.put(name, after);
                    made.add(Targets.change(name, before, after));
                }
            }
            keep(records("save", made, actor), values);
            return made;
        } finally {
            changing.unlock();
        }
    }

    /**
     * Sets targets to what is configured, all or none, and forgets what was saved of them.
     *
     * @param names of targets; none for all
     * @return what changed
     * @throws IllegalArgumentException if there is no such target
     * @throws PythonException of type {@code NotSaved} or {@code ChangeNotRecorded}; nothing has changed then
     */
    public List<ParameterChange> revert(Collection<String> names, Actor actor) {
        return publish(actor, () -> {
            List<String> chosen = chosen(names, "revert", actor);
            Map<String, Double> configured = new LinkedHashMap<>();
            chosen.forEach(
                    name -> configured.put(name, requireNonNull(file.values().get(name), name)));
            return step("revert", current.with(configured), file, chosen, actor);
        });
    }

    /**
     * Takes what is configured after it was read again. Only targets that it changed are touched; of those, what was
     * changed by operators or saved is given up. Objectives and targets that are new, or not configured any more, come
     * and go with the service.
     *
     * @return what changed
     * @throws PythonException of type {@code NotSaved} or {@code ChangeNotRecorded}; nothing has changed then
     */
    public List<ParameterChange> reload(List<Objective> now) {
        Actor actor = new Actor("configuration", "file");
        return publish(actor, () -> {
            Map<String, Double> values = new LinkedHashMap<>();
            Targets read = new Targets(pool, now);
            file.values().forEach((name, before) -> {
                Double after = read.values().get(name);
                if (after != null && !after.equals(before)) {
                    values.put(name, after);
                }
            });
            return step("reload", current.with(values), file.with(values), List.copyOf(values.keySet()), actor);
        });
    }

    /**
     * Returns whether {@code now} has other objectives or targets than there are, which come and go with the service.
     */
    public boolean isOtherThan(List<Objective> now) {
        return !new Targets(pool, now).values().keySet().equals(targets().keySet());
    }

    private Step step(String kind, Targets after, Targets configured, List<String> touched, Actor actor) {
        Map<String, Object> kept = saved.of(group);
        List<ParameterChange> made = current.changesTo(after);
        List<Change> records = new ArrayList<>(records(kind, made, actor));
        Map<String, @Nullable Object> forgotten = new LinkedHashMap<>();
        for (String name : touched) {
            Object before = kept.get(name);
            if (before != null) {
                forgotten.put(name, null);
                if (made.stream().noneMatch(each -> each.attribute().equals(name))) {
                    records.add(record("forget-saved", name, before, null, actor));
                }
            }
        }
        return new Step(after, configured, records, forgotten);
    }

    private List<String> chosen(Collection<String> names, String kind, Actor actor) {
        if (names.isEmpty()) {
            return List.copyOf(targets().keySet());
        }
        try {
            names.forEach(current::require);
            return List.copyOf(names);
        } catch (IllegalArgumentException e) {
            names.forEach(
                    name -> recorder.refused(record(kind, name, null, null, actor), String.valueOf(e.getMessage())));
            throw e;
        }
    }

    /** Records changes and then saves values; says so if that failed. */
    private void keep(List<Change> records, Map<String, @Nullable Object> values) {
        if (records.isEmpty()) {
            return;
        }
        recorder.record(records);
        try {
            saved.change(group, values);
        } catch (PythonException e) {
            records.forEach(each -> recorder.refused(each, String.valueOf(e.getMessage())));
            throw e;
        }
    }

    /**
     * A step from one state to the next.
     *
     * @param records what is recorded of it
     * @param saved what changes of the saved targets
     */
    private record Step(Targets after, Targets configured, List<Change> records, Map<String, @Nullable Object> saved) {}

    /** Makes what {@code step} says, which is asked under the lock; tells listeners afterwards. */
    private List<ParameterChange> publish(Actor actor, Supplier<Step> step) {
        List<ParameterChange> made;
        changing.lock();
        try {
            Step next = step.get();
            made = current.changesTo(next.after());
            keep(next.records(), next.saved());
            file = next.configured();
            current = next.after();
            if (made.isEmpty()) {
                return made;
            }
            announcements.queue(listener -> made.forEach(
                    each -> listener.changed(each.attribute(), number(each.from()), number(each.to()), actor)));
        } finally {
            changing.unlock();
        }
        announcements.tell();
        return made;
    }

    private static double number(@Nullable Object value) {
        return ((Number) requireNonNull(value)).doubleValue();
    }

    private List<Change> records(String kind, List<ParameterChange> made, Actor actor) {
        return made.stream()
                .map(each -> record(kind, each.attribute(), each.from(), each.to(), actor))
                .toList();
    }

    private Change record(String kind, String name, @Nullable Object from, @Nullable Object to, Actor actor) {
        return Change.of(actor, kind, pool)
                .about("parameter", "objectives." + name)
                .from(from, to);
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
