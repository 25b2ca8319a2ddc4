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
import org.vivarium.core.log.Audit;

/** The one choke point through which the parameters of one pool are read and changed while it runs. Thread safe. */
public final class ParameterStore {
    private static final Logger LOG = LoggerFactory.getLogger(ParameterStore.class);

    private final String pool;
    private final PoolSettings file;
    private final Announcements<SettingsListener> announcements;
    private final ReentrantLock changing = new ReentrantLock(); // makes read, derive and publish one step
    private volatile PoolSettings current;

    /** Starts with what was configured, which later changes are compared with. */
    public ParameterStore(String pool, PoolSettings file) {
        this.pool = requireNonNull(pool, "pool");
        this.file = requireNonNull(file, "file");
        this.current = file;
        this.announcements = new Announcements<>(LOG, "the parameters of pool " + pool);
    }

    /** Returns the settings that hold now. */
    public PoolSettings current() {
        return current;
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
     *     what is allowed and what came, and nothing has changed then
     */
    public PoolSettings change(Map<String, ?> changes, Actor actor) {
        Map<PoolParameter, Long> numbers = numbers(changes);
        PoolSettings before;
        PoolSettings after;
        changing.lock();
        try {
            before = current;
            after = before.with(numbers);
            if (before.equals(after)) {
                return before;
            }
            audit(before, after, actor);
            current = after;
            announcements.queue(listener -> listener.changed(before, after, actor));
        } finally {
            changing.unlock();
        }
        announcements.tell();
        return after;
    }

    private void audit(PoolSettings before, PoolSettings after, Actor actor) {
        for (PoolParameter parameter : PoolParameter.values()) {
            Object from = before.shown(parameter);
            Object to = after.shown(parameter);
            if (!from.equals(to)) {
                Audit.log("configure", actor, pool, "parameter", parameter.attribute(), "from", from, "to", to);
            }
        }
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
