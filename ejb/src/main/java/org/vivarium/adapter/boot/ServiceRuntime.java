package org.vivarium.adapter.boot;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.vivarium.adapter.history.HistoryOpener;
import org.vivarium.api.operation.HomeDirectory;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.core.changes.ChangeLog;
import org.vivarium.core.config.ConfigurationReader;
import org.vivarium.core.config.ConfigurationSources;
import org.vivarium.core.config.HostSize;
import org.vivarium.core.config.SavedValues;
import org.vivarium.core.runtime.Lasting;
import org.vivarium.core.runtime.MeasuredHost;
import org.vivarium.core.runtime.Operations;
import org.vivarium.core.runtime.VivariumRuntime;
import org.vivarium.core.state.HomeLock;
import org.vivarium.core.state.StateStore;
import org.vivarium.core.time.DelayThread;

/**
 * Owns the core's object graph for CDI: pools, workers' state machines, telemetry.
 *
 * <p>{@link ServiceBoot} starts and stops it; the container stops it too, should it destroy this bean first. Thread
 * safe.
 */
@ApplicationScoped
public class ServiceRuntime {
    private static final String PYTHON = "META-INF/vivarium/python.zip";

    private @Nullable VivariumRuntime runtime;
    private @Nullable Operations operations;
    private @Nullable ChangeLog changes;
    private @Nullable HomeLock lock;

    /** Starts the service; workers become ready later. */
    synchronized VivariumRuntime start() {
        ClassLoader ours = ServiceRuntime.class.getClassLoader();
        DelayThread.prepare();
        HostSize host = MeasuredHost.now();
        Path home = HomeDirectory.locate();
        lock = HomeLock.take(home);
        StateStore state = new StateStore(home);
        ChangeLog log = openChanges(home, state);
        SavedValues saved = SavedValues.in(state);
        try (InputStream python = ours.getResourceAsStream(PYTHON)) {
            if (python == null) {
                throw new IllegalStateException(PYTHON + " is missing: the build did not pack python/");
            }
            VivariumRuntime started = VivariumRuntime.start(
                    runs(),
                    python,
                    examples ->
                            new ConfigurationReader(ConfigurationSources.ofProcess(home, examples), host, saved).read(),
                    threads(ours),
                    new Lasting(log, saved, database -> HistoryOpener.of(database, home)));
            runtime = started;
            operations = new Operations(started);
            return started;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot make a run directory in %s (%s): set the system property vivarium.run.dir to a directory that this user can write"
                            .formatted(runs(), e.getMessage()),
                    e);
        }
    }

    private ChangeLog openChanges(Path home, StateStore state) {
        ChangeLog opened = new ChangeLog(home, state, InstantSource.system(), ChangeLog.STANDARD);
        changes = opened;
        return opened;
    }

    /** Returns where run directories are made: short, for the sake of socket paths. */
    private static Path runs() {
        return Path.of(System.getProperty("vivarium.run.dir", System.getProperty("java.io.tmpdir")));
    }

    /** Our own threads, not the container's: those are interrupted before our clean-up has run. */
    private static ThreadFactory threads(ClassLoader ours) {
        return task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            thread.setContextClassLoader(ours);
            return thread;
        };
    }

    /** Offers what operators may do to every bean of the application. */
    @Produces
    @ApplicationScoped
    ServiceOperations serviceOperations() {
        return operations();
    }

    synchronized Operations operations() {
        Operations current = operations;
        if (current == null) {
            throw new IllegalStateException("the service has not started, or its start failed: see the server's log");
        }
        return current;
    }

    /** Ends everything, in bounded time; a second time does nothing. */
    @PreDestroy
    void stop() {
        VivariumRuntime ending;
        ChangeLog recorded;
        HomeLock held;
        synchronized (this) {
            ending = runtime;
            recorded = changes;
            held = lock;
            changes = null;
            lock = null;
            runtime = null;
            operations = null;
        }
        if (ending != null) {
            ending.close();
            HistoryOpener.forgetDrivers();
        }
        if (recorded != null) {
            recorded.close();
        }
        if (held != null) {
            held.close();
        }
    }
}
