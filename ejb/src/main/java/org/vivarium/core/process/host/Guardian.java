package org.vivarium.core.process.host;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.process.StartException;
import org.vivarium.core.process.control.Connection;
import org.vivarium.core.process.control.Hello;
import org.vivarium.core.process.control.Receiver;
import org.vivarium.core.process.control.Silence;
import org.vivarium.core.process.output.BootLog;
import org.vivarium.core.process.procfs.ProcessIdentity;
import org.vivarium.core.process.procfs.ProcessState;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.Json;
import org.vivarium.core.protocol.ProtocolException;

/**
 * The small Python process between the server and everything else: it starts fork servers, adopts orphans, and ends all
 * when its standard input, the life line, ends. One per (interpreter, environment). Thread safe.
 */
final class Guardian implements Receiver, ForkServerOwner {
    private static final Logger LOG = LoggerFactory.getLogger(Guardian.class);

    private static final String VARIABLE = "VIVARIUM_GUARDIAN";

    /**
     * Fork servers that lost their guardian clean up by themselves; a sweep that comes earlier would stop them half
     * way.
     */
    private static final Duration SWEEP_AFTER = Duration.ofMillis(500);

    private static final int SIGKILL = 9;

    /** Its heartbeat is due every second, and it does nothing that takes long. */
    private static final Duration MOST_SILENCE = Duration.ofSeconds(5);

    /** An interpreter on a slow disk takes a while. */
    private static final Duration START_WITHIN = Duration.ofSeconds(30);

    private final String id;
    private final Process process;
    private final OutputStream lifeLine;
    private final BootLog bootLog;
    private final Map<String, ForkServer> servers = new ConcurrentHashMap<>();
    private final List<Frame> early = new ArrayList<>();
    private final HostParts parts;
    private final ThreadFactory threads;
    private final Silence silence;
    private @Nullable Connection control;
    private volatile boolean gone;
    private volatile String ending = "";

    /** Whether it was found hanging; never taken back. */
    private volatile boolean hung;

    private Guardian(String id, Process process, BootLog bootLog, HostParts parts, ThreadFactory threads) {
        this.parts = parts;
        this.threads = threads;
        this.id = id;
        this.process = process;
        this.lifeLine = process.getOutputStream();
        this.bootLog = bootLog;
        this.silence = new Silence(parts.ticker().nanos());
    }

    /**
     * Starts the process.
     *
     * @throws StartException if the interpreter cannot be started; says which and what to do
     */
    static Guardian start(String id, GuardianSpec spec, RunDirectory run, HostParts parts, ThreadFactory threads)
            throws StartException {
        Path boot = run.python().resolve("src/vivarium_worker/boot.py");
        ProcessBuilder builder = new ProcessBuilder(spec.interpreter(), "-I", "-u", boot.toString());
        builder.directory(run.root().toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(spec.environment());
        builder.environment().put(OrphanSweep.RUN_VARIABLE, run.runId());
        builder.environment().put(VARIABLE, run.runId() + "." + id);
        try {
            Process process = start(builder);
            Guardian guardian = new Guardian(
                    run.runId() + "." + id,
                    process,
                    new BootLog(id, process.getInputStream(), parts.output(), parts.ticker(), threads),
                    parts,
                    threads);
            CompletableFuture<?> unused =
                    process.onExit().thenAccept(ended -> guardian.died("exited with status " + ended.exitValue()));
            guardian.greet(run.socket(), run.runId(), parts.tokens().issue(guardian::accept));
            return guardian;
        } catch (IOException e) {
            throw new StartException(
                    "cannot start the Python interpreter '%s' (%s): %s"
                            .formatted(spec.interpreter(), e.getMessage(), remedy(String.valueOf(e.getMessage()))),
                    e);
        }
    }

    /**
     * The JDK's thread that waits for a process lives on, for later ones of anybody, with the class loader of this one.
     */
    private static Process start(ProcessBuilder builder) throws IOException {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(ClassLoader.getSystemClassLoader());
        try {
            return builder.start();
        } finally {
            current.setContextClassLoader(before);
        }
    }

    /** Returns what to do about a process that could not be started, by the number of the error in {@code message}. */
    static String remedy(String message) {
        if (message.contains("error=24") || message.contains("error=23")) {
            return "the server has no file descriptor left; raise its limit of open files (ulimit -n, LimitNOFILE of the service, fs.file-max)";
        }
        if (message.contains("error=11")) {
            return "the server may have no more processes; raise that limit (ulimit -u, TasksMax or pids.max of the container)";
        }
        return "install it or set python.interpreter of the pool to one that is there";
    }

    private void greet(Path socket, String runId, String token) {
        try {
            lifeLine.write(Json.write(Map.of("socket", socket.toString(), "token", token, "run", runId)));
            lifeLine.write('\n');
            lifeLine.flush();
        } catch (IOException e) {
            LOG.debug("guardian {} ended before it was greeted; its exit tells why", id, e);
        }
    }

    private synchronized Receiver accept(Hello hello, Connection connection) {
        control = connection;
        early.forEach(connection::send);
        early.clear();
        return this;
    }

    @Override
    public String bootLog() {
        return bootLog.tail();
    }

    long pid() {
        return process.pid();
    }

    /** Returns the name of the run and its own. */
    String name() {
        return id;
    }

    boolean isGone() {
        return gone;
    }

    /** Returns whether it can be asked for fork servers. */
    boolean isUsable() {
        return !gone && !hung;
    }

    /** Returns the fork servers that it has, those among them that hang or are being started. */
    List<ForkServer> servers() {
        return List.copyOf(servers.values());
    }

    /** Has {@code server} started; it reports itself how that went. */
    void serve(ForkServer server) {
        servers.put(server.id(), server);
        send(server.serve());
        if (gone) {
            server.died("lost its guardian, which " + ending);
        }
    }

    @Override
    public void stop(ForkServer server) {
        servers.remove(server.id());
        if (hung) {
            signal(server, server.process(), SIGKILL);
        } else {
            send(Frame.of(FrameType.STOP_SERVER, Map.of("server", server.id())));
        }
    }

    /** If this guardian hangs too, only signal 9 arrives, and only at the process itself. */
    @Override
    public void signal(ForkServer server, @Nullable ProcessIdentity process, int signal) {
        if (process == null) {
            return; // nobody knows it yet
        }
        if (hung && signal == SIGKILL) {
            OrphanSweep.kill(process);
            return;
        }
        send(Frame.of(
                FrameType.SIGNAL_PROCESS,
                Map.of(
                        "server",
                        server.id(),
                        "pid",
                        process.pid(),
                        "started",
                        process.startTicks(),
                        "signal",
                        signal)));
    }

    /** Looks whether it or one of its fork servers hangs; called every half second by one thread. */
    void examine(long nowNanos) {
        servers.values().forEach(server -> server.examine(nowNanos));
        Duration limit = MOST_SILENCE;
        if (!isConnected()) {
            silence.read(nowNanos); // nobody reads its channel yet
            limit = START_WITHIN;
        }
        if (isUsable() && silence.length().compareTo(limit) > 0) {
            hang();
        }
        if (hung) {
            servers.values().removeIf(ForkServer::isGone); // it does not report them
            if (servers.isEmpty()) {
                process.destroyForcibly();
            }
        }
    }

    private void hang() {
        hung = true;
        ProcessState state = ProcessState.of(pid());
        String how = "has sent no heartbeat for %d s%s"
                .formatted(silence.length().toSeconds(), state == null ? "" : "; its process " + state.inWords());
        LOG.error(
                "guardian {} (pid {}) {}; another one takes its place for new fork servers, and those that it has go on{}",
                id,
                pid(),
                how,
                bootLog.tail());
        servers.values().stream().filter(server -> server.pid() == 0).forEach(server -> {
            servers.remove(server.id());
            server.died("could not be started: its guardian " + how);
        });
    }

    private synchronized boolean isConnected() {
        return control != null;
    }

    private synchronized void send(Frame frame) {
        if (control == null) {
            early.add(frame);
        } else {
            control.send(frame);
        }
    }

    @Override
    public void frame(Frame frame) throws ProtocolException {
        silence.heard();
        if (frame.type() == FrameType.HEARTBEAT) {
            return;
        }
        if (frame.type() != FrameType.SERVER_EXIT) {
            throw new ProtocolException(frame.type() + " on a guardian channel");
        }
        Map<String, Object> message = frame.message();
        if (!(message.get("server") instanceof String name)) {
            throw new ProtocolException("SERVER_EXIT without the name of the server");
        }
        ForkServer server = servers.remove(name);
        if (server != null) {
            server.died(parts.exit(message).inWords());
        }
    }

    @Override
    public void caughtUp(long nowNanos) {
        silence.read(nowNanos);
    }

    @Override
    public void closed(String reason) {
        LOG.debug("control channel of guardian {}: {}", id, reason);
    }

    private void died(String how) {
        ending = how; // before the flag: whoever sees that knows why
        gone = true;
        bootLog.awaitEnd();
        if (!servers.isEmpty()) {
            LOG.error("guardian {} {}{}", id, how, bootLog.tail());
        }
        servers.values().forEach(server -> server.died("lost its guardian, which " + how));
        servers.clear();
        parts.later(
                () -> threads.newThread(() -> OrphanSweep.sweep(VARIABLE + "=" + id))
                        .start(), // which may take its time
                SWEEP_AFTER);
    }

    /** Cuts the life line: the process cleans up everything below it and exits. */
    void close() {
        servers.clear(); // their end is no news any more
        try {
            lifeLine.close();
        } catch (IOException e) {
            LOG.debug("the life line of guardian {} was already closed", id, e);
        }
    }

    /** Waits for the end of the process, and ends it the hard way after {@code limit}. */
    void awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("guardian {} did not end within {}; killing it", id, limit);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
