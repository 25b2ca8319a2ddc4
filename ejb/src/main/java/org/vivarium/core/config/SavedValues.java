package org.vivarium.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.core.state.StateException;
import org.vivarium.core.state.StateFormat;
import org.vivarium.core.state.StateStore;

/**
 * The values that operators saved, which hold after a restart: one document of the state store, in groups such as
 * {@code pool default}. Thread safe.
 */
public final class SavedValues {
    private static final Logger LOG = LoggerFactory.getLogger(SavedValues.class);
    private static final StateFormat FORMAT = new StateFormat("parameters", List.of());

    private final @Nullable StateStore state;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile Map<String, Map<String, Object>> groups;

    private SavedValues(@Nullable StateStore state, Map<String, Map<String, Object>> groups) {
        this.state = state;
        this.groups = groups;
    }

    /**
     * Returns what is saved in {@code state}. If that cannot be read, the log says so, the service goes on without, and
     * nothing can be saved until somebody has looked at the file.
     */
    public static SavedValues in(StateStore state) {
        try {
            return new SavedValues(
                    state, state.read(FORMAT).map(SavedValues::groups).orElse(Map.of()));
        } catch (StateException e) {
            LOG.error("saved parameters are not used: {}", e.getMessage());
            return new SavedValues(state, Map.of());
        }
    }

    /** Returns what keeps values in memory only. */
    public static SavedValues inMemory() {
        return new SavedValues(null, Map.of());
    }

    private static Map<String, Map<String, Object>> groups(Map<String, Object> content) {
        Map<String, Map<String, Object>> groups = new LinkedHashMap<>();
        content.forEach((group, values) -> {
            if (values instanceof Map<?, ?> members) {
                Map<String, Object> known = new LinkedHashMap<>();
                members.forEach((attribute, value) -> known.put(String.valueOf(attribute), value));
                groups.put(group, Collections.unmodifiableMap(known));
            }
        });
        return groups;
    }

    /**
     * Returns what can be used of {@code saved}: not what {@code origins} say is configured by what is stronger, nor
     * what is of no parameter or not of its kind, which the log says.
     *
     * @param path of what the parameters are
     */
    static <P extends Parameter> Map<P, Object> usable(
            Map<String, Object> saved, Parameters<P> parameters, Map<P, Origin> origins, String path) {
        Map<P, Object> usable = new LinkedHashMap<>();
        saved.forEach((attribute, value) -> {
            try {
                parameters.values(Map.of(attribute, value)).forEach((parameter, given) -> {
                    Origin origin = origins.get(parameter);
                    if (origin == null || !origin.fixed()) {
                        usable.put(parameter, given);
                    }
                });
            } catch (IllegalArgumentException e) {
                LOG.warn("the saved {} of {} is not used: {}", attribute, path, e.getMessage());
            }
        });
        return usable;
    }

    /** Returns the values of one group by attribute: numbers, booleans and texts. */
    public Map<String, Object> of(String group) {
        return groups.getOrDefault(group, Map.of());
    }

    /**
     * Saves values, and forgets those that are {@code null}; returns once nothing can lose them.
     *
     * @throws org.vivarium.api.PythonException of type {@code NotSaved} if that is not possible; nothing has changed
     *     then
     */
    void change(String group, Map<String, @Nullable Object> values) {
        changing.lock();
        try {
            Map<String, Object> members = new LinkedHashMap<>(of(group));
            values.forEach((attribute, value) -> {
                if (value == null) {
                    members.remove(attribute);
                } else {
                    members.put(attribute, value);
                }
            });
            if (members.equals(of(group))) {
                return;
            }
            Map<String, Map<String, Object>> changed = new LinkedHashMap<>(groups);
            changed.put(group, Collections.unmodifiableMap(members));
            changed.values().removeIf(Map::isEmpty);
            if (state != null) {
                state.write(FORMAT, changed);
            }
            groups = changed;
        } catch (StateException e) {
            throw ErrorType.NOT_SAVED.exception(ErrorContext.of(""), "the values are not saved: " + e.getMessage(), e);
        } finally {
            changing.unlock();
        }
    }
}
