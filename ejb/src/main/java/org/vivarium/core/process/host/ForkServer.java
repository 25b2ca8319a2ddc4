package org.vivarium.core.process.host;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.process.ExitStatus;
import org.vivarium.core.process.ProcessSignals;
import org.vivarium.core.process.Programs;
import org.vivarium.core.process.PythonWorker;
import org.vivarium.core.process.StartException;
import org.vivarium.core.process.StartFailure;
import org.vivarium.core.process.WorkerListener;
import org.vivarium.core.process.WorkerRequest;
import org.vivarium.core.process.control.Connection;
import org.vivarium.core.process.control.Hello;
import org.vivarium.core.process.control.Receiver;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.ProtocolException;

/**
 * The process that forks workers after importing their modules once; one per (interpreter, environment, modules).
 *
 * <p>Thread safe. Lives until it is stopped or dies; its workers die with it, and {@link PythonHost} then makes
 * another.
 */
final class ForkServer implements Receiver, ProcessSignals {
    private static final Logger LOG = LoggerFactory.getLogger(ForkServer.class);

    private static final long LAST_WORDS_MILLIS = 100;

    private final String id;
    private final ForkServerSpec spec;
    private final HostParts parts;
    private final Supplier<String> bootLog;
    private final CompletableFuture<ForkServer> loaded = new CompletableFuture<>();
    private final Map<String, PythonWorker> workers = new ConcurrentHashMap<>();
    private volatile @Nullable Connection control;
    private volatile long pid;
    private volatile boolean gone;
    private volatile String ending = "";

    ForkServer(String id, ForkServerSpec spec, HostParts parts, Supplier<String> bootLog) {
        this.id = id;
        this.spec = spec;
        this.parts = parts;
        this.bootLog = bootLog;
    }

    String id() {
        return id;
    }

    /** Returns the process id; 0 before it has said it. */
    long pid() {
        return pid;
    }

    boolean isGone() {
        return gone;
    }

    /** Completes when the modules are imported; exceptionally with {@link StartException} if they cannot be. */
    CompletableFuture<ForkServer> loaded() {
        return loaded;
    }

    Frame serve() {
        String token = parts.tokens().issue(this::accept);
        return Frame.of(
                FrameType.SERVE,
                Map.of(
                        "server",
                        id,
                        "token",
                        token,
                        "path",
                        spec.path(),
                        "preload",
                        spec.spawn() ? List.of() : spec.preload(),
                        "modules",
                        spec.spawn() ? List.of() : spec.modules()));
    }

    private Receiver accept(Hello hello, Connection connection) {
        pid = hello.pid();
        control = connection;
        return this;
    }

    /** Makes a worker process; the listener gets its events. */
    PythonWorker launch(WorkerRequest request, WorkerListener listener) {
        PythonWorker worker = new PythonWorker(request, listener, this, parts.ticker());
        workers.put(request.id(), worker);
        send(Frame.of(
                FrameType.FORK,
                Map.ofEntries(
                        Map.entry("worker", request.id()),
                        Map.entry("pool", request.pool()),
                        Map.entry("token", parts.tokens().issue(worker)),
                        Map.entry("slots", request.slots()),
                        Map.entry("spawn", spec.spawn()),
                        Map.entry("spin_micros", request.channel().spin().toNanos() / 1_000),
                        Map.entry("log_level", request.logLevel()),
                        Map.entry("heartbeat_millis", request.heartbeat().toMillis()),
                        Map.entry("session_bytes", request.sessionBytes()),
                        Map.entry("hard_memory_megabytes", request.limits().hardMemoryMegabytes()),
                        Map.entry("cpu_limit_millis", request.limits().cpuMillis()),
                        Map.entry("path", spec.spawn() ? spec.path() : List.of()),
                        Map.entry("modules", spec.spawn() ? spec.allModules() : List.of()))));
        if (gone) { // it went between the caller's look and now: nobody else will tell this worker
            end(request.id(), ExitStatus.UNKNOWN);
        }
        return worker;
    }

    @Override
    public void signal(String worker, int signal) {
        send(Frame.of(FrameType.SIGNAL, Map.of("worker", worker, "signal", signal)));
    }

    @Override
    public void kill(String worker) {
        send(Frame.of(FrameType.KILL, Map.of("worker", worker)));
    }

    private void send(Frame frame) {
        Connection connection = control;
        if (connection != null && !gone) {
            connection.send(frame);
        }
    }

    @Override
    public void frame(Frame frame) throws ProtocolException {
        Map<String, Object> message = frame.message();
        FrameType type = frame.type();
        switch (type) {
            case LOADED -> {
                List<ProgramView> programs = Programs.of(message);
                LOG.info("fork server {} has loaded {} programs in {} ms", id, programs.size(), message.get("millis"));
                loaded.complete(this);
            }
            case FAILED -> loaded.completeExceptionally(new StartException(StartFailure.inWords(message)));
            case FORKED -> forked(message);
            case REFUSED -> {
                worker(message).fail("the fork server refused to fork: " + message.get("reason"));
                end(name(message), ExitStatus.UNKNOWN);
            }
            case EXIT -> end(name(message), parts.exit(message));
            default -> throw new ProtocolException(type + " on a server channel");
        }
    }

    private void forked(Map<String, Object> message) throws ProtocolException {
        if (!(message.get("pid") instanceof Number pid)) {
            throw new ProtocolException("FORKED without a pid");
        }
        worker(message).forked(pid.longValue());
    }

    private PythonWorker worker(Map<String, Object> message) throws ProtocolException {
        PythonWorker worker = workers.get(name(message));
        if (worker == null) {
            throw new ProtocolException("unknown worker " + message.get("worker"));
        }
        return worker;
    }

    private static String name(Map<String, Object> message) throws ProtocolException {
        if (message.get("worker") instanceof String name) {
            return name;
        }
        throw new ProtocolException("a report about a worker without its name");
    }

    private void end(String worker, ExitStatus status) {
        PythonWorker ended = workers.remove(worker);
        if (ended != null) {
            ended.exited(status);
        }
    }

    @Override
    public void closed(String reason) {
        if (!gone) {
            died("ended (" + reason + ")");
        }
    }

    /**
     * Told by the guardian, or seen as the end of the control channel, whichever comes first; of both the guardian
     * knows more. What the process has printed is read by another thread, so whoever waits for the modules is notified
     * a little later.
     */
    void died(String how) {
        ending = how;
        if (gone) {
            return;
        }
        gone = true;
        LOG.debug("fork server {} {}", id, how);
        CompletableFuture.delayedExecutor(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() ->
                        loaded.completeExceptionally(new StartException("the fork server " + ending + bootLog.get())));
        workers.values().forEach(worker -> worker.startFailed("its fork server " + how));
        workers.keySet().forEach(worker -> end(worker, ExitStatus.UNKNOWN));
    }
}
