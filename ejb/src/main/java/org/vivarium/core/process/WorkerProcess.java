package org.vivarium.core.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.time.Ticker;

/**
 * One Python worker process: its channels, signals and end.
 *
 * <p>Public methods may be called from any thread. Signals go through its fork server, its parent: only there a PID
 * cannot have been given to another process meanwhile.
 */
public final class WorkerProcess implements Expectation {
    private static final int SIGTERM = 15;
    private static final int SIGUSR2 = 12;

    private final WorkerRequest request;
    private final WorkerListener listener;
    private final ForkServer server;
    private final Ticker ticker;
    private final OutputRelay output;
    private final StackReader stacks = new StackReader();
    private final Map<Integer, CallChannel> channels = new TreeMap<>(Comparator.naturalOrder());
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private final AtomicBoolean settled = new AtomicBoolean();

    private volatile long pid;
    private volatile long heartbeatNanos;
    private volatile List<CallChannel> readyChannels = List.of();

    WorkerProcess(WorkerRequest request, WorkerListener listener, ForkServer server, Ticker ticker) {
        this.request = request;
        this.listener = listener;
        this.server = server;
        this.ticker = ticker;
        this.output = new OutputRelay(request.pool(), request.id());
        this.heartbeatNanos = ticker.nanos();
    }

    /** Returns the process id; 0 until the process has said it. */
    public long pid() {
        return pid;
    }

    /** Returns one channel per slot; empty until the worker is ready. */
    public List<CallChannel> channels() {
        return readyChannels;
    }

    /** Returns the ticker's reading at the last sign of life. */
    public long heartbeatNanos() {
        return heartbeatNanos;
    }

    /** Returns how the process ended, as soon as it has. */
    public CompletableFuture<ExitStatus> exit() {
        return exit;
    }

    /** Asks the process to end at once; a C extension that holds the interpreter cannot refuse. */
    public void terminate() {
        server.signal(request.id(), SIGTERM);
    }

    /** Ends the process and its whole group. */
    public void kill() {
        server.kill(request.id());
    }

    /** Takes the Python stacks of all threads, even while C code holds the interpreter lock. */
    public CompletableFuture<String> dumpStacks() {
        CompletableFuture<String> dump = stacks.next();
        server.signal(request.id(), SIGUSR2);
        return dump;
    }

    WorkerRequest request() {
        return request;
    }

    @Override
    public int maximumFrameBytes() {
        return request.channel().maximumFrameBytes();
    }

    @Override
    public @Nullable Receiver accept(Hello hello, Connection connection) {
        pid = hello.pid();
        return switch (hello.channel()) {
            case CALL -> {
                adopt(hello.slot(), connection);
                yield null;
            }
            case SIDE -> new Side();
            case OUTPUT -> new Output();
            case STACK -> stacks;
            case GUARDIAN, SERVER ->
                throw new IllegalStateException("a worker's token was used for " + hello.channel());
        };
    }

    private void adopt(int slot, Connection connection) {
        try {
            channels.put(slot, new CallChannel(connection.release(), ticker, request.channel()));
        } catch (IOException e) {
            fail("no selector for its call channel (descriptors used up?): " + e.getMessage());
        }
    }

    void forked(long pid) {
        this.pid = pid;
    }

    /** The worker cannot become ready; told once, and only if it was not ready before. */
    void fail(String reason) {
        startFailed(reason);
        kill();
    }

    /** Tells, once, that the worker will not become ready; nothing if it is ready already. */
    void startFailed(String reason) {
        if (settled.compareAndSet(false, true)) {
            listener.failed(reason);
        }
    }

    void exited(ExitStatus status) {
        if (exit.complete(status)) {
            output.end();
            readyChannels.forEach(CallChannel::processEnded);
            startFailed("it " + status.inWords() + " before it was ready");
            stacks.closed("the worker " + status.inWords());
            listener.exited(status);
        }
    }

    private void ready(Frame frame) throws ProtocolException {
        if (channels.size() != request.slots()) {
            throw new ProtocolException(
                    "READY with %d of %d call channels".formatted(channels.size(), request.slots()));
        }
        List<org.vivarium.api.view.ProgramView> programs = Programs.of(frame.message());
        readyChannels = new ArrayList<>(channels.values());
        if (settled.compareAndSet(false, true)) {
            listener.ready(programs);
        }
    }

    private static String failure(Frame frame) throws ProtocolException {
        return Failure.inWords(frame.message());
    }

    /** Frames about the worker as a whole. */
    private final class Side implements Receiver {
        @Override
        public void frame(Frame frame) throws ProtocolException {
            heartbeatNanos = ticker.nanos();
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
        public void closed(String reason) {
            kill(); // the process is gone, or cannot be trusted any more
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
