package org.vivarium.core.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.api.view.settings.ReloadView;
import org.vivarium.core.changes.Change;
import org.vivarium.core.changes.ChangeRecorder;
import org.vivarium.core.config.Configuration;
import org.vivarium.core.config.ConfigurationException;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.PoolDefinition;
import org.vivarium.core.config.ServiceParameterStore;

/**
 * Reads the configuration again while the service runs, on demand and when its files have changed. A configuration with
 * a mistake changes nothing: the last good one holds, and the mistake is told until it is gone. Thread safe.
 */
public final class ConfigurationReload {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationReload.class);

    private final Supplier<Configuration> reader;
    private final Stores stores;
    private final ChangeRecorder recorder;
    private final ReentrantLock reading = new ReentrantLock();
    private Configuration last;
    private FileStamps stamps;
    private FileStamps seen;
    private volatile String problem = "";

    ConfigurationReload(Supplier<Configuration> reader, Configuration first, Stores stores, ChangeRecorder recorder) {
        this.reader = reader;
        this.last = first;
        this.stores = stores;
        this.recorder = recorder;
        this.stamps = FileStamps.of(first.files());
        this.seen = stamps;
    }

    /** What takes what was read, by the name of its pool. */
    record Stores(
            ServiceParameterStore service,
            Map<String, ParameterStore> parameters,
            Map<String, ObjectiveStore> objectives) {}

    /** Returns what is wrong with the configuration as it is on the disk; empty if nothing is known to be. */
    String problem() {
        return problem;
    }

    /**
     * Reads the configuration if its files have changed and are the same in two looks, one after the other: so nobody's
     * half-written file is read.
     */
    public void readIfChanged() {
        reading.lock();
        try {
            FileStamps now = FileStamps.of(last.files());
            boolean settled = now.equals(seen);
            seen = now;
            if (settled && !now.equals(stamps)) {
                LOG.info("the files of the configuration have changed: they are read again");
                read(Actor.SERVICE);
            }
        } catch (ConfigurationException e) {
            LOG.debug("told already", e);
        } finally {
            reading.unlock();
        }
    }

    /** Reads the configuration, see {@link org.vivarium.api.operation.ServiceOperations#reload}. */
    ReloadView reload(Actor actor) {
        reading.lock();
        try {
            return read(actor);
        } catch (ConfigurationException e) {
            throw ErrorType.INVALID_CONFIGURATION.exception(
                    ErrorContext.of(""), "the service goes on as it was: " + e.getMessage());
        } finally {
            reading.unlock();
        }
    }

    private ReloadView read(Actor actor) {
        stamps = FileStamps.of(last.files());
        Change change = Change.of(actor, "reload", null);
        Configuration now;
        try {
            now = reader.get();
        } catch (ConfigurationException e) {
            problem = String.valueOf(e.getMessage());
            LOG.error("the configuration on the disk is not used, the last good one holds: {}", problem);
            recorder.refused(change, problem);
            throw e;
        }
        recorder.record(change);
        List<ParameterChange> ofService = stores.service.reload(now.service());
        Map<String, List<ParameterChange>> changes = new LinkedHashMap<>();
        for (PoolDefinition definition : now.pools()) {
            List<ParameterChange> made = reload(definition);
            if (!made.isEmpty()) {
                changes.put(definition.name(), made);
            }
        }
        ReloadView view = new ReloadView(ofService, changes, later(now), now.brokenPools());
        tell(view);
        last = now;
        stamps = FileStamps.of(now.files());
        seen = stamps;
        return view;
    }

    private List<ParameterChange> reload(PoolDefinition definition) {
        ParameterStore parameters = stores.parameters.get(definition.name());
        ObjectiveStore objectives = stores.objectives.get(definition.name());
        List<ParameterChange> made = new ArrayList<>();
        if (parameters != null && objectives != null) { // the pool runs
            made.addAll(parameters.reload(definition.configured()));
            made.addAll(objectives.reload(definition.objectives()));
        }
        return made;
    }

    private void tell(ReloadView view) {
        List<String> wrong = new ArrayList<>();
        view.problems().forEach((pool, mistake) -> {
            if (stores.parameters().containsKey(pool)) { // another one is broken since the start, and shows that itself
                wrong.add("pool '" + pool + "': " + mistake);
            }
        });
        problem = String.join("; ", wrong);
        wrong.forEach(each -> LOG.error("what is configured is not used, the last good one holds: {}", each));
        if (!view.service().isEmpty()) {
            LOG.info("the configuration of the service has changed: {}", view.service());
        }
        view.changes().forEach((pool, made) -> LOG.info("the configuration of pool '{}' has changed: {}", pool, made));
        view.later().forEach(LOG::info);
    }

    /** Returns what differs from what the service runs with and cannot change while it runs. */
    private List<String> later(Configuration now) {
        List<String> later = new ArrayList<>();
        for (PoolDefinition definition : now.pools()) {
            String pool = definition.name();
            if (!stores.parameters.containsKey(pool)) {
                later.add("pool '" + pool + "' is new or could not start: it starts with the service");
            }
            ObjectiveStore objectives = stores.objectives.get(pool);
            if (objectives != null && objectives.isOtherThan(definition.objectives())) {
                later.add("objectives of pool '" + pool + "' were added or removed: they come and go with the service");
            }
            last.pools().stream()
                    .filter(before -> before.name().equals(pool))
                    .filter(before -> !before.python().equals(definition.python()))
                    .forEach(before ->
                            later.add("python.* of pool '" + pool + "' has changed: a rolling restart uses it"));
        }
        stores.parameters.keySet().stream()
                .filter(pool ->
                        now.pools().stream().noneMatch(each -> each.name().equals(pool)))
                .filter(pool -> !now.brokenPools().containsKey(pool))
                .forEach(pool ->
                        later.add("pool '" + pool + "' is no longer configured: it goes on until the service stops"));
        return later;
    }
}
