package org.vivarium.core.process.host;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.process.ExitStatus;
import org.vivarium.core.process.ForkServerPatience;
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
import org.vivarium.core.process.control.Silence;
import org.vivarium.core.process.output.StackReader;
import org.vivarium.core.process.procfs.ProcessIdentity;
import org.vivarium.core.process.procfs.ProcessState;
import org.vivarium.core.protocol.Channel;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.ProtocolException;

/**
 * The process that forks workers after importing their modules once; one per (interpreter, environment, modules).
 *
 * <p>Thread safe. Lives until it is stopped or dies; its workers die with it, and {@link PythonHost} then makes
 * another. One that does not answer any more forks no further worker, but stays as long as the workers that it has,
 * which are signalled by the guardian then.
 */
final class ForkServer implements Receiver, ProcessSignals {
    private static final Logger LOG = LoggerFactory.getLogger(ForkServer.class);

    private static final int SIGKILL = 9;
    private static final Duration LAST_WORDS = Duration.ofMillis(100);
    private static final Duration STACK_WITHIN = Duration.ofMillis(300);

    /** When a worker that was killed is looked for first, if the fork server will not report its end. */
    private static final Duration LOOK_AFTER_KILL = Duration.ofMillis(20);

    private final String id;
    private final ForkServerSpec spec;
    private final HostParts parts;
    private final ForkServerOwner guardian;
    private final CompletableFuture<ForkServer> loaded = new CompletableFuture<>();
    private final Map<String, PythonWorker> workers = new ConcurrentHashMap<>();
    private final StackReader stacks = new StackReader();
    private final Silence silence;
    private volatile CompletableFuture<Void> cleared = new CompletableFuture<>();
    private volatile ForkServerPatience patience;
    private volatile @Nullable Connection control;
    private volatile @Nullable ProcessIdentity process;
    private volatile boolean gone;
    private volatile String ending = "";

    /** Whether it was found hanging: in an import, or while it should serve. Never taken back. */
    private volatile boolean hung;

    ForkServer(String id, ForkServerSpec spec, HostParts parts, ForkServerOwner guardian, ForkServerPatience patience) {
        this.id = id;
        this.spec = spec;
        this.parts = parts;
        this.guardian = guardian;
        this.patience = patience;
        this.silence = new Silence(parts.ticker().nanos());
    }

    String id() {
        return id;
    }

    /** Returns the process id; 0 before it has said it. */
    long pid() {
        ProcessIdentity known = process;
        return known == null ? 0 : known.pid();
    }

    /** Returns which process it is; {@code null} before it has said it. */
    @Nullable ProcessIdentity process() {
        return process;
    }

    boolean isGone() {
        return gone;
    }

    /** Returns whether it can be asked for workers, now or once it has loaded its modules. */
    boolean isUsable() {
        return !gone && !hung && !loaded.isCompletedExceptionally();
    }

    /** Completes when the modules are imported; exceptionally with {@link StartException} if they cannot be. */
    CompletableFuture<ForkServer> loaded() {
        return loaded;
    }

    Frame serve() {
        return Frame.of(FrameType.SERVE, spec.order(id, parts.tokens().issue(this::accept)));
    }

    private Receiver accept(Hello hello, Connection connection) {
        if (hello.channel() == Channel.STACK) {
            return stacks;
        }
        process = ProcessIdentity.of(hello.pid());
        control = connection;
        return this;
    }

    /** Makes a worker process; the listener gets its events. */
    PythonWorker launch(WorkerRequest request, WorkerListener listener) {
        PythonWorker worker = new PythonWorker(request, listener, this, parts.output(), parts.ticker());
        patience = request.patience();
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
        } else if (hung) { // likewise
            abandon(worker);
        }
        return worker;
    }

    @Override
    public void signal(String worker, int signal) {
        if (hung) {
            signalByGuardian(worker, signal);
        } else {
            send(Frame.of(FrameType.SIGNAL, Map.of("worker", worker, "signal", signal)));
        }
    }

    @Override
    public void kill(String worker) {
        if (hung) {
            signalByGuardian(worker, SIGKILL);
            parts.later(this::buryTheDead, LOOK_AFTER_KILL);
        } else {
            send(Frame.of(FrameType.KILL, Map.of("worker", worker)));
        }
    }

    private void signalByGuardian(String worker, int signal) {
        PythonWorker target = workers.get(worker);
        if (target != null) {
            guardian.signal(this, target.process(), signal);
        }
    }

    private void send(Frame frame) {
        Connection connection = control;
        if (connection != null && !gone) {
            connection.send(frame);
        }
    }

    @Override
    public void frame(Frame frame) throws ProtocolException {
        silence.heard();
        FrameType type = frame.type();
        if (type == FrameType.HEARTBEAT) {
            return;
        }
        Map<String, Object> message = frame.message();
        switch (type) {
            case LOADED -> {
                List<ProgramView> programs = Programs.of(message);
                LOG.info("fork server {} has loaded {} programs in {} ms", id, programs.size(), message.get("millis"));
                if (message.get("warnings") instanceof List<?> warnings) {
                    String modules = String.join(", ", spec.allModules());
                    warnings.forEach(warning -> LOG.warn("fork server {} ({}): {}", id, modules, warning));
                }
                loaded.complete(this);
            }
            case FAILED -> loaded.completeExceptionally(new StartException(StartFailure.inWords(message)));
            case FORKED -> forked(message);
            case REFUSED -> refused(message);
            case CLEARED -> clear();
            case EXIT -> end(name(message), parts.exit(message));
            default -> throw new ProtocolException(type + " on a server channel");
        }
    }

    @Override
    public void caughtUp(long nowNanos) {
        silence.read(nowNanos);
    }

    private void forked(Map<String, Object> message) throws ProtocolException {
        if (!(message.get("pid") instanceof Number pid)) {
            throw new ProtocolException("FORKED without a pid");
        }
        PythonWorker worker = worker(message);
        if (worker == null) { // it hung, and another one has started that worker's successor
            send(Frame.of(FrameType.KILL, Map.of("worker", name(message))));
        } else {
            worker.forked(ProcessIdentity.of(pid.longValue()));
        }
    }

    private void refused(Map<String, Object> message) throws ProtocolException {
        PythonWorker worker = worker(message);
        if (worker != null) {
            workers.remove(name(message));
            boolean lasting = Boolean.TRUE.equals(message.get("until_cleared"));
            worker.refused(String.valueOf(message.get("reason")), lasting ? cleared : null);
        }
    }

    /** Has workers that were refused be tried again: here, or in the fork server that takes the place of this one. */
    private void clear() {
        CompletableFuture<Void> before = cleared;
        cleared = new CompletableFuture<>();
        before.complete(null);
    }

    /** Returns the worker that {@code message} names; {@code null} if it was abandoned while this process hung. */
    private @Nullable PythonWorker worker(Map<String, Object> message) throws ProtocolException {
        PythonWorker worker = workers.get(name(message));
        if (worker == null && !hung) {
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
        clear();
        LOG.debug("fork server {} {}", id, how);
        parts.later(
                () -> loaded.completeExceptionally(
                        new StartException("the fork server " + ending + guardian.bootLog())),
                LAST_WORDS);
        workers.values().forEach(worker -> worker.startFailed("its fork server " + how));
        workers.keySet().forEach(worker -> end(worker, ExitStatus.UNKNOWN));
    }

    /** Looks whether it hangs, and after the workers of one that does; called every half second by one thread. */
    void examine(long nowNanos) {
        if (control == null) {
            silence.read(nowNanos); // nobody reads its channel yet
        }
        if (hung) {
            buryTheDead();
            endWithoutWorkers();
        } else if (!loaded.isDone() && silentFor(patience.loading())) {
            hang(this::giveUpLoading);
        } else if (loaded.isDone() && isUsable() && silentFor(patience.silence())) {
            hang(this::giveUpServing);
        }
    }

    private boolean silentFor(Duration limit) {
        return silence.length().compareTo(limit) > 0;
    }

    private void endWithoutWorkers() {
        if (workers.isEmpty() && loaded.isDone()) {
            LOG.info("fork server {} hung and has no worker any more; ending it", id);
            guardian.stop(this);
        }
    }

    /** Takes it out of use, has it dump its stack, and gives it up with what has come of that. */
    private void hang(Consumer<String> giveUp) {
        hung = true;
        clear();
        CompletableFuture<String> dump = stacks.next();
        ProcessIdentity known = process;
        if (known != null) {
            guardian.signal(this, known, DUMP);
        }
        parts.later(
                () -> giveUp.accept(dump.exceptionally(gone -> "").getNow("").strip()), STACK_WITHIN);
    }

    private void giveUpLoading(String stack) {
        String reason = "the fork server (pid %d) has not imported %s within LoadTimeoutMillis = %d and is killed%s%s"
                .formatted(
                        pid(),
                        String.join(", ", spec.allModules()),
                        patience.loading().toMillis(),
                        condition(),
                        hangsAt(stack));
        if (!loaded.completeExceptionally(new StartException(reason))) { // else told by each pool that waits for it
            LOG.info("fork server {} has loaded its modules after all, too late; ending it", id);
        }
    }

    private void giveUpServing(String stack) {
        String how = "(pid %d) has sent no heartbeat for %d s%s"
                .formatted(pid(), silence.length().toSeconds(), condition());
        ending = "its fork server " + how + hangsAt(stack);
        List<PythonWorker> unborn =
                workers.values().stream().filter(worker -> worker.pid() == 0).toList();
        LOG.error(
                "fork server {} {}; another one takes its place, its own workers ({}) go on{}",
                id,
                how,
                workers.size() - unborn.size(),
                hangsAt(stack));
        unborn.forEach(this::abandon);
    }

    /** Reports that a worker will not start, because it was not forked before this process hung. */
    private void abandon(PythonWorker worker) {
        worker.startFailed(ending.isEmpty() ? "its fork server does not answer" : ending);
        end(worker.request().id(), ExitStatus.UNKNOWN);
    }

    /** Reports the ends of workers that a process which hangs does not report. */
    private void buryTheDead() {
        if (gone || !silentFor(patience.silence())) {
            return; // it goes on, and knows better how they ended
        }
        workers.forEach((name, worker) -> {
            ProcessIdentity known = worker.process();
            if (known != null && known.hasEnded()) {
                end(name, ExitStatus.UNKNOWN.explained("ended while its fork server did not answer"));
            }
        });
    }

    private String condition() {
        ProcessState state = ProcessState.of(pid());
        return state == null ? "" : "; its process " + state.inWords();
    }

    private static String hangsAt(String stack) {
        return stack.isEmpty() ? "" : "; it hangs here:\n" + stack;
    }
}
