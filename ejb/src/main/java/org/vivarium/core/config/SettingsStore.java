package org.vivarium.core.config;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.api.view.settings.ParameterView;
import org.vivarium.core.changes.Change;
import org.vivarium.core.changes.ChangeRecorder;

/**
 * The one choke point through which the parameters of one kind are read, changed, saved and reverted while the service
 * runs, whoever asks: all or none of what was asked for at once, recorded before it holds. Thread safe.
 *
 * @param <P> the parameters
 * @param <S> their values
 */
public class SettingsStore<P extends Parameter, S extends Settings<P, S>> {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsStore.class);

    private final @Nullable String pool;
    private final String group;
    private final ChangeRecorder recorder;
    private final SavedValues saved;
    private final Announcements<SettingsListener<S>> announcements;
    private final ReentrantLock changing = new ReentrantLock(); // makes read, derive, record and publish one step
    private volatile Configured<P, S> configured;
    private volatile S current;

    /**
     * Starts with what was configured and saved.
     *
     * @param pool of which the parameters are; {@code null} for those of the service
     * @param recorder where all changes are recorded
     * @param saved where values are saved
     */
    protected SettingsStore(
            @Nullable String pool, Configured<P, S> configured, ChangeRecorder recorder, SavedValues saved) {
        this.pool = pool;
        this.group = group(pool);
        this.configured = requireNonNull(configured, "configured");
        this.recorder = requireNonNull(recorder, "recorder");
        this.saved = requireNonNull(saved, "saved");
        this.current = configured.start();
        this.announcements =
                new Announcements<>(LOG, "the parameters of " + (pool == null ? "the service" : "pool " + pool));
    }

    /** Returns the group of {@link SavedValues} in which the values of a pool are, or those of the service. */
    static String group(@Nullable String pool) {
        return pool == null ? "service" : "pool " + pool;
    }

    /** Returns the settings that hold now. */
    public final S current() {
        return current;
    }

    /** Returns where all changes are recorded. */
    public final ChangeRecorder recorder() {
        return recorder;
    }

    /** Adds a listener for every change from now on. */
    public final void listen(SettingsListener<S> listener) {
        announcements.add(requireNonNull(listener, "listener"));
    }

    /** Returns all parameters with their values, in the order of the documentation; one consistent snapshot. */
    public final List<ParameterView> view() {
        S now = current;
        Configured<P, S> base = configured;
        Map<String, Object> kept = saved.of(group);
        return now.parameters().list().stream()
                .map(parameter -> view(parameter, now, base, kept))
                .toList();
    }

    private ParameterView view(P parameter, S now, Configured<P, S> base, Map<String, Object> kept) {
        Allowed allowed = parameter.allowed();
        Object value = now.shown(parameter);
        Object file = base.file().shown(parameter);
        return new ParameterView(
                parameter.path(),
                parameter.attribute(),
                value,
                file,
                kept.get(parameter.attribute()),
                base.place(parameter),
                !base.fixes(parameter),
                allowed.unit().symbol(),
                allowed.isNumber() ? allowed.minimum() : null,
                allowed.isNumber() ? allowed.maximum() : null,
                allowed.choices(),
                parameter.description(),
                parameter.effect().toString(),
                !value.equals(file));
    }

    /**
     * Changes parameters, all or none.
     *
     * @param changes attribute name → new value, a whole number of the parameter's unit, a boolean, or a text
     * @return what changed, from what to what; nothing for what is so already
     * @throws IllegalArgumentException if an attribute is not known or a value is not allowed; one sentence says which,
     *     what is allowed and what came, and nothing has changed then; that is recorded, too
     * @throws PythonException of type {@code ChangeNotRecorded} if no record of the change can be kept
     */
    public final List<ParameterChange> change(Map<String, ?> changes, Actor actor) {
        try {
            Map<P, Object> values = current.parameters().values(changes);
            return publish(actor, () -> {
                S after = current.with(derived(values));
                return new Step<>(after, configured, records(changes(current, after), actor, "configure"), Map.of());
            });
        } catch (IllegalArgumentException e) {
            S now = current;
            changes.forEach((attribute, value) -> recorder.refused(
                    record(actor, "configure", attribute, shown(now, attribute), value),
                    String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private @Nullable Object shown(S settings, String attribute) {
        P parameter = settings.parameters().find(attribute);
        return parameter == null ? null : settings.shown(parameter);
    }

    /** Returns {@code values} with what follows from them. */
    Map<P, Object> derived(Map<P, Object> values) {
        return values;
    }

    /** Returns what is configured now. */
    final Configured<P, S> configured() {
        return configured;
    }

    /**
     * Saves values, all or none, so that they hold after a restart; forgets what was saved of those that are as
     * configured.
     *
     * @param attributes which; none for all
     * @return what was saved, from what was saved before
     * @throws IllegalArgumentException if an attribute is not known, or a property or variable would be stronger than
     *     what is saved
     * @throws PythonException of type {@code NotSaved} or {@code ChangeNotRecorded}; nothing has changed then
     */
    public final List<ParameterChange> save(Collection<String> attributes, Actor actor) {
        changing.lock();
        try {
            Map<String, Object> kept = saved.of(group);
            List<P> chosen = chosen(attributes, this::differs, "save", actor);
            refuseFixed(chosen, actor);
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            List<ParameterChange> made = new ArrayList<>();
            for (P parameter : chosen) {
                Object before = kept.get(parameter.attribute());
                Object after = differs(parameter) ? current.shown(parameter) : null;
                if (before == null ? after != null : !before.equals(after)) {
                    values.put(parameter.attribute(), after);
                    made.add(made(parameter, before, after));
                }
            }
            keep(records(made, actor, "save"), values);
            return made;
        } finally {
            changing.unlock();
        }
    }

    private boolean differs(P parameter) {
        return !current.shown(parameter).equals(configured.file().shown(parameter));
    }

    private List<P> chosen(Collection<String> attributes, Predicate<P> otherwise, String kind, Actor actor) {
        if (attributes.isEmpty()) {
            Map<String, Object> kept = saved.of(group);
            return current.parameters().list().stream()
                    .filter(parameter -> otherwise.test(parameter) || kept.containsKey(parameter.attribute()))
                    .toList();
        }
        try {
            return attributes.stream().map(current.parameters()::ofAttribute).toList();
        } catch (IllegalArgumentException e) {
            attributes.forEach(attribute ->
                    recorder.refused(record(actor, kind, attribute, null, null), String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private void refuseFixed(List<P> chosen, Actor actor) {
        for (P parameter : chosen) {
            if (configured.fixes(parameter) && differs(parameter)) {
                String why =
                        "%s cannot be saved: after a restart %s sets it again; change it there, or save others by their names"
                                .formatted(parameter.attribute(), configured.place(parameter));
                recorder.refused(record(actor, "save", parameter.attribute(), null, current.shown(parameter)), why);
                throw new IllegalArgumentException(why);
            }
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
     * Sets parameters to what is configured, all or none, and forgets what was saved of them.
     *
     * @param attributes which; none for all
     * @return what changed
     * @throws IllegalArgumentException if an attribute is not known, or the values would not fit the others
     * @throws PythonException of type {@code NotSaved} or {@code ChangeNotRecorded}; nothing has changed then
     */
    public final List<ParameterChange> revert(Collection<String> attributes, Actor actor) {
        return publish(actor, () -> {
            List<P> chosen = chosen(attributes, this::differs, "revert", actor);
            Map<P, Object> values = new LinkedHashMap<>();
            chosen.forEach(parameter -> values.put(parameter, configured.file().given(parameter)));
            S after = fitting(values, actor);
            List<ParameterChange> made = changes(current, after);
            Map<String, @Nullable Object> forgotten = forgotten(chosen);
            List<Change> records = new ArrayList<>(records(made, actor, "revert"));
            records.addAll(forgets(forgotten.keySet(), made, actor));
            return new Step<>(after, configured, records, forgotten);
        });
    }

    /** Returns the records of saved values that are forgotten without that anything else changes. */
    private List<Change> forgets(Collection<String> forgotten, List<ParameterChange> made, Actor actor) {
        Map<String, Object> kept = saved.of(group);
        return forgotten.stream()
                .filter(attribute ->
                        made.stream().noneMatch(each -> each.attribute().equals(attribute)))
                .map(attribute -> record(actor, "forget-saved", attribute, kept.get(attribute), null))
                .toList();
    }

    private S fitting(Map<P, Object> values, Actor actor) {
        try {
            return current.with(values);
        } catch (IllegalArgumentException e) {
            values.keySet()
                    .forEach(parameter -> recorder.refused(
                            record(
                                    actor,
                                    "revert",
                                    parameter.attribute(),
                                    current.shown(parameter),
                                    configured.file().shown(parameter)),
                            String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private Map<String, @Nullable Object> forgotten(Collection<P> parameters) {
        Map<String, Object> kept = saved.of(group);
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        parameters.stream()
                .map(Parameter::attribute)
                .filter(kept::containsKey)
                .forEach(attribute -> values.put(attribute, null));
        return values;
    }

    /**
     * Takes what is configured after it was read again. Only values that it changed are touched; of those, what was
     * changed by operators or saved is given up. If the others do not fit any more, all of what is configured holds.
     *
     * @return what changed
     * @throws PythonException of type {@code NotSaved} or {@code ChangeNotRecorded}; nothing has changed then
     */
    public final List<ParameterChange> reload(Configured<P, S> now) {
        Actor actor = new Actor("configuration", "file");
        return publish(actor, () -> {
            List<P> touched = current.parameters().list().stream()
                    .filter(parameter -> !configured
                            .file()
                            .given(parameter)
                            .equals(now.file().given(parameter)))
                    .toList();
            Map<P, Object> values = new LinkedHashMap<>();
            touched.forEach(parameter -> values.put(parameter, now.file().given(parameter)));
            try {
                return read(current.with(values), now, touched, actor);
            } catch (IllegalArgumentException e) {
                LOG.warn(
                        "what was changed does not fit the configuration any more and is given up: {}", e.getMessage());
                return read(now.file(), now, current.parameters().list(), actor);
            }
        });
    }

    private Step<P, S> read(S after, Configured<P, S> now, List<P> touched, Actor actor) {
        List<ParameterChange> made = changes(current, after);
        Map<String, @Nullable Object> forgotten = forgotten(touched);
        List<Change> records = new ArrayList<>();
        for (ParameterChange each : made) {
            P parameter = after.parameters().ofAttribute(each.attribute());
            Actor place = new Actor(actor.name(), actor.origin(), now.place(parameter));
            records.add(record(place, "reload", each.attribute(), each.from(), each.to())
                    .because(givenUp(parameter)));
        }
        records.addAll(forgets(forgotten.keySet(), made, actor));
        return new Step<>(after, now, records, forgotten);
    }

    /** Returns what of a parameter is given up because it was configured anew, in words; {@code null} if nothing. */
    private @Nullable String givenUp(P parameter) {
        Object kept = saved.of(group).get(parameter.attribute());
        if (kept != null) {
            return "gives up the saved value " + kept;
        }
        return differs(parameter) ? "gives up what was changed while the service ran" : null;
    }

    /**
     * A step from one state to the next.
     *
     * @param records what is recorded of it
     * @param saved what changes of the saved values
     */
    private record Step<P extends Parameter, S extends Settings<P, S>>(
            S after, Configured<P, S> configured, List<Change> records, Map<String, @Nullable Object> saved) {}

    /** Makes what {@code step} says, which is asked under the lock; tells listeners afterwards. */
    private List<ParameterChange> publish(Actor actor, Supplier<Step<P, S>> step) {
        List<ParameterChange> made;
        changing.lock();
        try {
            S before = current;
            Step<P, S> next = step.get();
            S after = next.after();
            made = changes(before, after);
            keep(next.records(), next.saved());
            configured = next.configured();
            current = after;
            if (made.isEmpty()) {
                return made;
            }
            announcements.queue(listener -> listener.changed(before, after, actor));
        } finally {
            changing.unlock();
        }
        announcements.tell();
        return made;
    }

    private List<ParameterChange> changes(S before, S after) {
        return before.parameters().list().stream()
                .filter(parameter -> !before.given(parameter).equals(after.given(parameter)))
                .map(parameter -> made(parameter, before.shown(parameter), after.shown(parameter)))
                .toList();
    }

    private static ParameterChange made(Parameter parameter, @Nullable Object from, @Nullable Object to) {
        return new ParameterChange(
                parameter.attribute(),
                from,
                to,
                parameter.unit().symbol(),
                parameter.effect().toString());
    }

    private List<Change> records(List<ParameterChange> made, Actor actor, String kind) {
        return made.stream()
                .map(each -> record(actor, kind, each.attribute(), each.from(), each.to()))
                .toList();
    }

    private Change record(Actor actor, String kind, String attribute, @Nullable Object from, @Nullable Object to) {
        return Change.of(actor, kind, pool).about("parameter", attribute).from(from, to);
    }
}
