package org.vivarium.core.config;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.view.ParameterView;
import org.vivarium.core.changes.Change;
import org.vivarium.core.changes.ChangeRecorder;

/** The one choke point through which the parameters of one pool are read and changed while it runs. Thread safe. */
public final class ParameterStore {
    private static final Logger LOG = LoggerFactory.getLogger(ParameterStore.class);

    private final String pool;
    private final PoolSettings file;
    private final ChangeRecorder recorder;
    private final Announcements<SettingsListener> announcements;
    private final ReentrantLock changing = new ReentrantLock(); // makes read, derive and publish one step
    private volatile PoolSettings current;

    /** Starts with what was configured; changes leave lines of the audit log only. */
    public ParameterStore(String pool, PoolSettings file) {
        this(pool, file, ChangeRecorder.auditOnly());
    }

    /** Starts with what was configured, which later changes are compared with; all are recorded by {@code recorder}. */
    public ParameterStore(String pool, PoolSettings file, ChangeRecorder recorder) {
        this.pool = requireNonNull(pool, "pool");
        this.file = requireNonNull(file, "file");
        this.recorder = requireNonNull(recorder, "recorder");
        this.current = file;
        this.announcements = new Announcements<>(LOG, "the parameters of pool " + pool);
    }

    /** Returns the settings that hold now. */
    public PoolSettings current() {
        return current;
    }

    /** Returns where all changes of this pool are recorded. */
    public ChangeRecorder recorder() {
        return recorder;
    }

    /** Returns all parameters with their values, in the order of the documentation; one consistent snapshot. */
    public List<ParameterView> view() {
        PoolSettings now = current;
        return Arrays.stream(PoolParameter.values())
                .map(parameter -> view(parameter, now))
                .toList();
    }

    /**
     * Changes parameters, all or none, and returns the settings after it.
     *
     * @param changes attribute name → new value, a whole number of the parameter's unit, a boolean, or one of its
     *     choices
     * @throws IllegalArgumentException if an attribute is not known or a value is not allowed; one sentence says which,
     *     what is allowed and what came, and nothing has changed then; that is recorded, too
     * @throws org.vivarium.api.PythonException of type {@code ChangeNotRecorded} if no record of the change can be kept
     */
    public PoolSettings change(Map<String, ?> changes, Actor actor) {
        try {
            return set(numbers(changes), actor);
        } catch (IllegalArgumentException e) {
            PoolSettings now = current;
            changes.forEach((attribute, value) -> recorder.refused(
                    configure(actor, attribute, shown(now, attribute), value), String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private @Nullable Object shown(PoolSettings settings, String attribute) {
        return Arrays.stream(PoolParameter.values())
                .filter(parameter -> parameter.attribute().equals(attribute))
                .map(settings::shown)
                .findFirst()
                .orElse(null);
    }

    private Change configure(Actor actor, String attribute, @Nullable Object from, @Nullable Object to) {
        return Change.of(actor, "configure", pool).about("parameter", attribute).from(from, to);
    }

    private PoolSettings set(Map<PoolParameter, Long> numbers, Actor actor) {
        PoolSettings before;
        PoolSettings after;
        changing.lock();
        try {
            before = current;
            after = before.with(numbers);
            if (before.equals(after)) {
                return before;
            }
            recorder.record(changes(before, after, actor));
            current = after;
            announcements.queue(listener -> listener.changed(before, after, actor));
        } finally {
            changing.unlock();
        }
        announcements.tell();
        return after;
    }

    private List<Change> changes(PoolSettings before, PoolSettings after, Actor actor) {
        return Arrays.stream(PoolParameter.values())
                .filter(parameter -> before.value(parameter) != after.value(parameter))
                .map(parameter ->
                        configure(actor, parameter.attribute(), before.shown(parameter), after.shown(parameter)))
                .toList();
    }

    /** Adds a listener for every change from now on. */
    public void listen(SettingsListener listener) {
        announcements.add(requireNonNull(listener, "listener"));
    }

    private static Map<PoolParameter, Long> numbers(Map<String, ?> changes) {
        Map<PoolParameter, Long> numbers = new EnumMap<>(PoolParameter.class);
        changes.forEach((attribute, value) -> {
            PoolParameter parameter = PoolParameter.ofAttribute(attribute);
            numbers.put(parameter, whole(parameter, value));
        });
        return numbers;
    }

    private static Long whole(PoolParameter parameter, @Nullable Object value) {
        if (parameter.allowed().isSwitch()) {
            return switched(parameter, value);
        }
        if (parameter.allowed().isChoice()) {
            return chosen(parameter, value);
        }
        if (!(value instanceof Number number)) {
            throw refused(parameter, value, null);
        }
        try {
            return new BigDecimal(number.toString()).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) { // a fraction, NaN, infinity, or far too large
            throw refused(parameter, value, e);
        }
    }

    private static Long switched(PoolParameter parameter, @Nullable Object value) {
        if (!(value instanceof Boolean on)) {
            throw refused(parameter, value, null);
        }
        return on ? 1L : 0L;
    }

    private static Long chosen(PoolParameter parameter, @Nullable Object value) {
        Long number = value instanceof String text ? parameter.allowed().chosen(text) : null;
        if (number == null) {
            throw refused(parameter, value, null);
        }
        return number;
    }

    private static IllegalArgumentException refused(
            PoolParameter parameter, @Nullable Object value, @Nullable Exception cause) {
        return new IllegalArgumentException(
                parameter.attribute() + " must be " + parameter.allowed() + ", was " + described(value), cause);
    }

    private static String described(@Nullable Object value) {
        return value instanceof Number || value instanceof Boolean || value == null
                ? String.valueOf(value)
                : "the text \"" + value + '"';
    }

    private ParameterView view(PoolParameter parameter, PoolSettings now) {
        Allowed allowed = parameter.allowed();
        long value = now.value(parameter);
        return new ParameterView(
                parameter.path(),
                parameter.attribute(),
                allowed.shown(value),
                allowed.shown(file.value(parameter)),
                allowed.unit().symbol(),
                allowed.isNumber() ? allowed.minimum() : null,
                allowed.isNumber() ? allowed.maximum() : null,
                allowed.choices(),
                parameter.description(),
                parameter.effect().toString(),
                value != file.value(parameter));
    }
}
