package org.vivarium.core.runtime;

import static org.vivarium.core.config.ServiceParameter.STORED_EVENTS;
import static org.vivarium.core.config.ServiceParameter.STORED_MINUTES;
import static org.vivarium.core.config.ServiceParameter.STORED_QUARTERS;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.changes.ChangeRecorder;
import org.vivarium.core.config.DatabaseSettings;
import org.vivarium.core.config.SavedValues;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.core.history.HistoryStore;
import org.vivarium.core.history.HistoryWriter;
import org.vivarium.core.history.Retention;

/**
 * What outlives the service.
 *
 * @param changes where all changes are recorded
 * @param saved the values that hold after a restart
 * @param history says what opens the database that is configured; {@code null} for no history
 */
public record Lasting(
        ChangeRecorder changes, SavedValues saved, Function<DatabaseSettings, HistoryStore.@Nullable Opener> history) {
    /** Lines of the audit log, and nothing that is kept. */
    public static Lasting nothing() {
        return withoutHistory(ChangeRecorder.auditOnly(), SavedValues.inMemory());
    }

    /** Changes and values, and no history. */
    public static Lasting withoutHistory(ChangeRecorder changes, SavedValues saved) {
        return new Lasting(changes, saved, database -> null);
    }

    /** Returns who writes history; {@code null} if there is to be none. Whoever asks closes it. */
    @Nullable HistoryWriter openHistory(DatabaseSettings database, Supplier<ServiceSettings> settings, ThreadFactory threads) {
        HistoryStore.Opener opener = database.enabled() ? history.apply(database) : null;
        return opener == null
                ? null
                : new HistoryWriter(opener, () -> retention(settings.get()), InstantSource.system(), threads);
    }

    private static Retention retention(ServiceSettings settings) {
        return new Retention(
                settings.duration(STORED_MINUTES),
                settings.duration(STORED_QUARTERS),
                settings.duration(STORED_EVENTS));
    }
}
