package org.vivarium.core.config;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vivarium.core.changes.ChangeRecorder;

/** The parameters of one pool. A change of its profile changes what that profile sets. Thread safe. */
public final class ParameterStore extends SettingsStore<PoolParameter, PoolSettings> {

    /** Starts with {@code settings}; changes leave lines of the audit log only, and nothing lasts. */
    public ParameterStore(String pool, PoolSettings settings) {
        this(pool, settings, ChangeRecorder.auditOnly());
    }

    /** Starts with {@code settings}; all changes are recorded by {@code recorder}, and nothing lasts. */
    public ParameterStore(String pool, PoolSettings settings, ChangeRecorder recorder) {
        this(pool, Configured.of(settings), recorder, SavedValues.inMemory());
    }

    /** Starts with what was configured and saved. */
    public ParameterStore(
            String pool,
            Configured<PoolParameter, PoolSettings> configured,
            ChangeRecorder recorder,
            SavedValues saved) {
        super(requireNonNull(pool, "pool"), configured, recorder, saved);
    }

    @Override
    Map<PoolParameter, Object> derived(Map<PoolParameter, Object> values) {
        if (!(values.get(PoolParameter.PROFILE) instanceof Long profile)
                || profile == current().value(PoolParameter.PROFILE)) {
            return values;
        }
        String name = String.valueOf(PoolParameter.PROFILE.allowed().shown(profile));
        Map<PoolParameter, Object> all =
                new LinkedHashMap<>(configured().profiles().getOrDefault(name, Map.of()));
        all.putAll(values);
        return all;
    }
}
