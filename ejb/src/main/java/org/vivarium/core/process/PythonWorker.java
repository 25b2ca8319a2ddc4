package org.vivarium.core.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.process.channel.CallChannel;
import org.vivarium.core.process.channel.SlotMemory;
import org.vivarium.core.process.control.Connection;
import org.vivarium.core.process.control.Expectation;
import org.vivarium.core.process.control.Hello;
import org.vivarium.core.process.control.Receiver;
import org.vivarium.core.process.control.Silence;
import org.vivarium.core.process.output.LevelSender;
import org.vivarium.core.process.output.OutputRelay;
import org.vivarium.core.process.output.OutputWriter;
import org.vivarium.core.process.output.StackReader;
import org.vivarium.core.process.procfs.PendingSignals;
import org.vivarium.core.process.procfs.ProcessIdentity;
import org.vivarium.core.process.procfs.ProcessState;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.time.Ticker;

/**
 * A worker process that runs Python: its connections, as they come in.
 *
 * <p>Signals go through its fork server, its parent: only there a PID cannot have been given to another process
 * meanwhile.
 */
public final class PythonWorker implements WorkerProcess, Expectation {
    private static final Logger LOG = LoggerFactory.getLogger(PythonWorker.class);
    private static final int SIGTERM = 15;

    /** Two dumps at the same time, written by two threads of the worker, would mix. */
    private static final long DUMP_SPACING_NANOS = 100_000_000;

    /** After this long without a dump, its signal is taken to be lost: it came before there was a handler for it. */
    private static final long DUMP_LOST_NANOS = 1_000_000_000;

    private final WorkerRequest request;
    private final WorkerListener listener;
    private final ProcessSignals signals;
    private final Ticker ticker;
    private final OutputRelay output;
    private final StackReader stacks = new StackReader();
    private final Map<Integer, CallChannel> channels = new TreeMap<>(Comparator.naturalOrder());
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private final AtomicReference<Start> start = new AtomicReference<>(Start.UNDECIDED);

    /** When the last dump was or will be asked for; guarded by {@link #stacks}. */
    private long dumpNanos;

    private final LevelSender levels = new LevelSender();
    private volatile @Nullable ProcessIdentity process;
    private final Silence silence;
    private volatile List<CallChannel> readyChannels = List.of();

    public PythonWorker(
            WorkerRequest request,
            WorkerListener listener,
            ProcessSignals signals,
            OutputWriter writer,
            Ticker ticker) {
        this.request = request;
        this.listener = listener;
        this.signals = signals;
        this.ticker = ticker;
        OutputRelay.Source source = new OutputRelay.Source(request.pool(), request.id(), request.output());
        this.output = new OutputRelay(source, writer, ticker, new OutputObserver());
        this.silence = new Silence(ticker.nanos());
        this.dumpNanos = ticker.nanos() - DUMP_SPACING_NANOS;
    }

    @Override
    public long pid() {
        ProcessIdentity known = process;
        return known == null ? 0 : known.pid();
    }

    /** Returns which process it is; {@code null} until the process has said it. */
    public @Nullable ProcessIdentity process() {
        return process;
    }

    @Override
    public List<CallChannel> channels() {
        return readyChannels;
    }

    @Override
    public int slots() {
        return request.slots();
    }

    @Override
    public Duration silence() {
        return silence.length();
    }

    @Override
    public Duration heartbeatInterval() {
        return request.heartbeat();
    }

    @Override
    public @Nullable ProcessState state() {
        return ProcessState.of(pid());
    }

    @Override
    public ProcessLimits limits() {
        return request.limits();
    }

    @Override
    public CompletableFuture<ExitStatus> exit() {
        return exit;
    }

    @Override
    public void terminate() {
        signals.signal(request.id(), SIGTERM);
    }

    @Override
    public void poke() {
        signals.signal(request.id(), ProcessSignals.CANCEL);
    }

    @Override
    public void kill() {
        signals.kill(request.id());
    }

    @Override
    public void logAt(Map<String, Integer> wanted) {
        levels.logAt(wanted);
    }

    @Override
    public CompletableFuture<String> dumpStacks() {
        CompletableFuture<String> dump;
        long delay;
        synchronized (stacks) {
            boolean awaited = stacks.isAwaited();
            dump = stacks.next();
            long now = ticker.nanos();
            long due = dumpNanos + (awaited ? DUMP_LOST_NANOS : DUMP_SPACING_NANOS);
            if (dumpNanos - now > 0 || (awaited && due - now > 0)) {
                return dump; // asked for by somebody else
            }
            delay = Math.max(0, due - now);
            dumpNanos = now + delay;
        }
        CompletableFuture.delayedExecutor(
                        delay, TimeUnit.NANOSECONDS, Runnable::run) // no shared pool, which may be full
                .execute(this::askForDump);
        return dump;
    }

    /**
     * Sends the signal, unless it waits to be taken: such signals queue up, and a process that was stopped takes them
     * all at once, each within the one before, until the stack for signals is full and it dies.
     */
    private void askForDump() {
        if (!PendingSignals.contains(pid(), ProcessSignals.DUMP)) {
            signals.signal(request.id(), ProcessSignals.DUMP);
        }
    }

    /** Returns what it was asked to be. */
    public WorkerRequest request() {
        return request;
    }

    @Override
    public int maximumFrameBytes() {
        return request.channel().maximumFrameBytes();
    }

    @Override
    public @Nullable Receiver accept(Hello hello, Connection connection) {
        if (process == null) {
            process = ProcessIdentity.of(hello.pid());
        }
        return switch (hello.channel()) {
            case CALL -> {
                adopt(hello, connection);
                yield null;
            }
            case SIDE -> {
                levels.connected(connection);
                yield new Side();
            }
            case OUTPUT -> new Output();
            case STACK -> stacks;
            case GUARDIAN, SERVER ->
                throw new IllegalStateException("a worker's token was used for " + hello.channel());
        };
    }

    private void adopt(Hello hello, Connection connection) {
        SocketChannel socket = connection.release();
        try {
            String name = "vivarium-%s-%d".formatted(request.id(), hello.slot());
            SlotMemory memory = new SlotMemory(name, hello.pid(), hello.memory());
            CallChannel channel = new CallChannel(socket, ticker, request.channel(), memory);
            synchronized (channels) {
                channels.put(hello.slot(), channel);
            }
            if (exit.isDone()) {
                closeUnlessReady(); // its HELLO was read after its end
            }
        } catch (IOException e) {
            close(socket);
            fail("no selector for its call channel (descriptors used up?): " + e.getMessage());
        }
    }

    private static void close(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing the socket of a call channel", e);
        }
    }

    /** Channels of a worker that was ready are closed by who owns their slots; of any other nobody else knows. */
    private void closeUnlessReady() {
        if (start.get() == Start.FAILED) {
            synchronized (channels) {
                channels.values().forEach(CallChannel::close);
            }
        }
    }

    /** Notes that the fork server has reported the process. */
    public void forked(ProcessIdentity process) {
        this.process = process;
    }

    /** The worker cannot become ready; reported once, and only if it was not ready before. */
    public void fail(String reason) {
        startFailed(reason);
        kill();
    }

    /** Reports, once, that the worker will not become ready; does nothing if it is ready already. */
    public void startFailed(String reason) {
        if (start.compareAndSet(Start.UNDECIDED, Start.FAILED)) {
            listener.failed(reason);
        }
    }

    /**
     * Notes that the fork server does not make the process.
     *
     * @param cleared completes when it would; {@code null} if that may be at any time
     */
    public void refused(String reason, @Nullable CompletableFuture<Void> cleared) {
        if (exit.complete(ExitStatus.UNKNOWN)) {
            output.end();
            start.set(Start.FAILED);
            stacks.closed("the worker was never started");
            listener.refused(reason, cleared);
        }
    }

    /** Notes that the fork server has reported the end of the process. */
    public void exited(ExitStatus status) {
        if (exit.complete(status)) {
            output.end();
            readyChannels.forEach(CallChannel::processEnded);
            startFailed("it " + status.inWords() + " before it was ready");
            closeUnlessReady();
            stacks.closed("the worker " + status.inWords());
            listener.exited(status);
        }
    }

    private void ready(Frame frame) throws ProtocolException {
        List<CallChannel> open;
        synchronized (channels) {
            open = List.copyOf(channels.values());
        }
        if (open.size() != request.slots()) {
            throw new ProtocolException("READY with %d of %d call channels".formatted(open.size(), request.slots()));
        }
        List<ProgramView> programs = Programs.of(frame.message());
        readyChannels = open;
        if (start.compareAndSet(Start.UNDECIDED, Start.READY)) {
            listener.ready(programs);
        }
    }

    private static String failure(Frame frame) throws ProtocolException {
        return StartFailure.inWords(frame.message());
    }

    /** What became of the start; decided once. */
    private enum Start {
        UNDECIDED,
        READY,
        FAILED
    }

    /** Frames about the worker as a whole. */
    private final class Side implements Receiver {
        @Override
        public void frame(Frame frame) throws ProtocolException {
            silence.heard();
            FrameType type = frame.type();
            switch (type) {
                case READY -> ready(frame);
                case FAILED -> fail(failure(frame));
                case LOG -> output.record(frame);
                case PRINTED -> output.printed(frame);
                case HEARTBEAT -> {}
                default -> throw new ProtocolException(type + " on a side channel");
            }
        }

        @Override
        public void caughtUp(long nowNanos) {
            silence.read(nowNanos);
            output.reportDropped();
        }

        @Override
        public void closed(String reason) {
            kill(); // the process is gone, or cannot be trusted any more
        }
    }

    /** What cannot be logged. */
    private final class OutputObserver implements OutputRelay.Observer {
        @Override
        public void dropped(long lines) {
            listener.outputDropped(lines);
        }

        @Override
        public void malformed(ProtocolException problem) {
            LOG.warn("worker {} broke the protocol, terminating it: {}", request.id(), problem.getMessage());
            kill();
        }
    }

    /** Descriptors 1 and 2. */
    private final class Output implements Receiver {
        @Override
        public void bytes(ByteBuffer bytes) {
            output.plain(bytes);
        }

        @Override
        public void closed(String reason) {
            output.end();
        }
    }
}
