package org.vivarium.core.config;

import org.vivarium.core.changes.ChangeRecorder;

/** The parameters of the service as a whole. Thread safe. */
public final class ServiceParameterStore extends SettingsStore<ServiceParameter, ServiceSettings> {

    /** Starts with the defaults; changes leave lines of the audit log only, and nothing lasts. */
    public ServiceParameterStore() {
        this(Configured.of(ServiceSettings.DEFAULT), ChangeRecorder.auditOnly(), SavedValues.inMemory());
    }

    /** Starts with what was configured and saved. */
    public ServiceParameterStore(
            Configured<ServiceParameter, ServiceSettings> configured, ChangeRecorder recorder, SavedValues saved) {
        super(null, configured, recorder, saved);
    }
}
