package org.vivarium.core.process.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.ProcessRole;
import org.vivarium.core.config.PythonParameter;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.config.StartMethod;
import org.vivarium.core.process.StartException;
import org.vivarium.core.process.WorkerListener;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.WorkerRequest;
import org.vivarium.core.process.cgroup.MemoryKills;
import org.vivarium.core.process.control.ControlLoop;
import org.vivarium.core.process.output.OutputWriter;
import org.vivarium.core.time.Ticker;

/**
 * All Python processes of this run of the service.
 *
 * <p>Thread safe. The lock protects the tables of guardians and fork servers; it is held while an interpreter is
 * started, never while anybody waits for one.
 */
public final class PythonHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PythonHost.class);
    private static final Duration END_WITHIN = Duration.ofSeconds(2);
    private static final Duration EXAMINE_EVERY = Duration.ofMillis(500);

    private final RunDirectory run;
    private final ControlLoop loop;
    private final HostParts parts;
    private final ThreadFactory threads;
    private final Map<GuardianSpec, Guardian> guardians = new HashMap<>();

    /** All that have not ended, those among them that hang and were replaced. */
    private final Set<Guardian> live = new LinkedHashSet<>();

    private final Map<ServerKey, ForkServer> servers = new HashMap<>();
    private final Map<ServerKey, Set<String>> users = new HashMap<>();
    private int sequence;
    private boolean closed;

    private PythonHost(RunDirectory run, ControlLoop loop, HostParts parts, ThreadFactory threads) {
        this.run = run;
        this.loop = loop;
        this.parts = parts;
        this.threads = threads;
    }

    /**
     * Sweeps what earlier runs left, makes the run directory, unpacks the Python package and listens.
     *
     * @param python the zip of our Python files
     * @param kills asked when a process was killed
     * @throws IOException if the directory or the socket cannot be made
     */
    public static PythonHost open(
            Path parent, InputStream python, MemoryKills kills, Ticker ticker, ThreadFactory threads)
            throws IOException {
        int swept = OrphanSweep.sweepAbandoned(parent);
        if (swept > 0) {
            LOG.warn("ended {} Python processes that an earlier run had left behind", swept);
        }
        RunDirectory run = RunDirectory.create(parent);
        try {
            run.unpack(python);
            ControlLoop loop = new ControlLoop(run.socket(), ticker, threads);
            ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread made = threads.newThread(task);
                made.setName("vivarium-python-watch");
                return made;
            });
            PythonHost host = new PythonHost(
                    run, loop, new HostParts(loop::expect, ticker, kills, new OutputWriter(threads), timer), threads);
            host.watch();
            return host;
        } catch (IOException e) {
            run.close();
            throw e;
        }
    }

    private void watch() {
        long every = EXAMINE_EVERY.toMillis();
        Future<?> unused = parts.timer()
                .scheduleWithFixedDelay(() -> HostParts.guarded(this::examine), every, every, TimeUnit.MILLISECONDS);
    }

    private void examine() {
        List<Guardian> all;
        synchronized (this) {
            live.removeIf(Guardian::isGone);
            all = List.copyOf(live);
        }
        all.forEach(guardian -> guardian.examine(parts.ticker().nanos()));
    }

    /** Returns the directory of this run. */
    public RunDirectory run() {
        return run;
    }

    /**
     * Makes a worker process as soon as its modules are loaded.
     *
     * @return completes with the process once it was asked for, exceptionally with {@link StartException} if Python
     *     cannot be started or a module does not import; what becomes of the process the listener hears
     */
    public CompletableFuture<WorkerProcess> launch(
            PythonSettings python, WorkerRequest request, WorkerListener listener) {
        try {
            return server(python, request).loaded().handle((server, failure) -> {
                if (failure != null) { // told from where the modules were named
                    throw new CompletionException(located(python.place(PythonParameter.PROGRAMS), failure));
                }
                return server.launch(request, listener);
            });
        } catch (StartException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static StartException located(String place, Throwable failure) {
        return new StartException(place + ": " + failure.getMessage(), failure);
    }

    /**
     * Ends the fork server of an edition, and its guardian if that has no other, once no pool uses it any more:
     * {@code pool}, which has no worker of it left, was the last.
     */
    public synchronized void retire(PythonSettings python, String edition, String pool) {
        ServerKey key = ServerKey.of(python, edition);
        Set<String> left = users.get(key);
        if (left == null || !left.remove(pool) || !left.isEmpty()) {
            return;
        }
        users.remove(key);
        ForkServer server = servers.remove(key);
        if (server == null) {
            return;
        }
        Guardian guardian = owner(server);
        if (guardian == null) {
            return; // it is gone, and so is the fork server
        }
        if (guardian.servers().stream().anyMatch(other -> other != server)) {
            guardian.stop(server);
        } else {
            guardians.remove(key.guardian(), guardian);
            guardian.close();
        }
    }

    private @Nullable Guardian owner(ForkServer server) {
        return live.stream()
                .filter(guardian -> guardian.servers().contains(server))
                .findFirst()
                .orElse(null);
    }

    private synchronized ForkServer server(PythonSettings python, WorkerRequest request) throws StartException {
        if (closed) {
            throw new StartException("the service is stopping");
        }
        ServerKey key = ServerKey.of(python, request.edition());
        users.computeIfAbsent(key, unused -> new HashSet<>()).add(request.pool());
        ForkServer server = servers.get(key);
        if (server == null || !server.isUsable()) {
            Guardian guardian = guardian(key.guardian(), python.place(PythonParameter.INTERPRETER));
            server = new ForkServer("server-" + ++sequence, key.server(), parts, guardian, request.patience());
            guardian.serve(server);
            servers.put(key, server);
        }
        return server;
    }

    private Guardian guardian(GuardianSpec spec, String place) throws StartException {
        Guardian guardian = guardians.get(spec);
        if (guardian == null || !guardian.isUsable()) {
            guardian = start(spec, place);
            guardians.put(spec, guardian);
            live.add(guardian);
        }
        return guardian;
    }

    private Guardian start(GuardianSpec spec, String place) throws StartException {
        try {
            return Guardian.start("guardian-" + ++sequence, spec, run, parts, threads);
        } catch (StartException e) {
            throw located(place, e);
        }
    }

    /** Returns the guardians, then the fork servers that run now. */
    public synchronized List<HostedProcess> processes() {
        List<HostedProcess> processes = new ArrayList<>();
        List<Guardian> running =
                live.stream().filter(guardian -> !guardian.isGone()).toList();
        for (Guardian guardian : running) {
            processes.add(new HostedProcess(guardian.pid(), ProcessRole.GUARDIAN, guardian.name(), null, null));
        }
        for (Guardian guardian : running) {
            for (ForkServer server : guardian.servers()) {
                if (server.pid() > 0 && !server.isGone()) {
                    processes.add(new HostedProcess(server.pid(), ProcessRole.FORK_SERVER, server.id(), null, null));
                }
            }
        }
        return processes;
    }

    /** Ends all processes, however busy; waits a bounded time, and takes no lock that a call could hold. */
    @Override
    public void close() {
        List<Guardian> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(live);
        }
        all.forEach(Guardian::close);
        all.forEach(guardian -> guardian.awaitEnd(END_WITHIN));
        int swept = OrphanSweep.sweep(OrphanSweep.RUN_VARIABLE + "=" + run.runId());
        if (swept > 0) {
            LOG.warn("ended {} Python processes that were still there after their guardians", swept);
        }
        parts.timer().shutdownNow();
        loop.close();
        parts.output().close();
        run.close();
    }

    /** What decides whether two pools share a fork server. */
    private record ServerKey(GuardianSpec guardian, ForkServerSpec server, String edition) {
        static ServerKey of(PythonSettings python, String edition) {
            List<String> path = new ArrayList<>();
            python.path().forEach(directory -> path.add(directory.toString()));
            boolean spawn = python.startMethod() == StartMethod.SPAWN;
            ForkServerSpec server =
                    new ForkServerSpec(path, python.preload(), python.modules(), python.allowInherited(), spawn);
            return new ServerKey(GuardianSpec.of(python, System.getenv()), server, edition);
        }
    }
}
