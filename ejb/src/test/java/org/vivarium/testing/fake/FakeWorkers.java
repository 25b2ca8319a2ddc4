package org.vivarium.testing.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.process.StartException;
import org.vivarium.core.process.WorkerLauncher;
import org.vivarium.core.process.WorkerListener;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.WorkerRequest;
import org.vivarium.core.time.Ticker;

/**
 * Launches fake workers. They are ready at once, unless {@link #startByHand} was said, and all know the same programs.
 * Thread safe.
 */
public final class FakeWorkers implements WorkerLauncher, AutoCloseable {
    /** Above the largest process id that Linux gives, so that the kernel knows nothing of these. */
    private static final long FIRST_PID = (1 << 22) + 1;

    private final Ticker ticker;
    private final Path directory;
    private final ServerSocketChannel server;
    private final AtomicLong pids = new AtomicLong(FIRST_PID);
    private final List<FakeWorker> all = new CopyOnWriteArrayList<>();
    private final List<String> retired = new CopyOnWriteArrayList<>();
    private final Map<String, FakeProgram> programs = new LinkedHashMap<>();
    private final Map<String, ProgramView> views = new LinkedHashMap<>();
    private volatile boolean readyAtOnce = true;
    private volatile String obstacle;
    private volatile RuntimeException defect;
    private volatile long memoryFreeBytes = -1;

    /** Makes the private directory of its sockets. */
    public FakeWorkers(Ticker ticker) {
        this.ticker = ticker;
        try {
            this.directory = Files.createTempDirectory("vivarium-fake");
            this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Ticker ticker() {
        return ticker;
    }

    Path directory() {
        return directory;
    }

    /** Returns two sockets that are connected with each other; the first is non-blocking. */
    synchronized List<SocketChannel> pair() throws IOException {
        SocketChannel near = SocketChannel.open(server.getLocalAddress());
        near.configureBlocking(false);
        return List.of(near, server.accept());
    }

    /** Has all workers know a program, those that become ready from now on. */
    public void define(String name, FakeProgram program) {
        define(new ProgramView(name, "", List.of(), "object", false, null, "function"), program);
    }

    /** Likewise a program that may be run twice. */
    public void defineIdempotent(String name, FakeProgram program) {
        define(new ProgramView(name, "", List.of(), "object", true, null, "function"), program);
    }

    private synchronized void define(ProgramView view, FakeProgram program) {
        programs.put(view.name(), program);
        views.put(view.name(), view);
    }

    /** Has workers that become ready from now on lack a program. */
    public synchronized void forget(String name) {
        views.remove(name);
    }

    synchronized List<ProgramView> views() {
        return List.copyOf(views.values());
    }

    synchronized FakeProgram program(String name) {
        FakeProgram program = programs.get(name);
        if (program == null) {
            return call -> call.error("validation_error", "UnknownProgram", "no program '" + name + "'");
        }
        return program;
    }

    /** Has workers be ready only when the test says so, from now on. */
    public void startByHand() {
        readyAtOnce = false;
    }

    /** Has workers be ready at once again, from now on. */
    public void startAtOnce() {
        readyAtOnce = true;
    }

    /** Has every launch fail for {@code reason}; {@code null} ends that. */
    public void failLaunches(String reason) {
        obstacle = reason;
    }

    /** Has every launch throw {@code defect}, as no launcher should; {@code null} ends that. */
    public void throwAtLaunch(RuntimeException defect) {
        this.defect = defect;
    }

    /** Has so much memory be left for workers, whatever they do; -1 for no limit. */
    public void memoryFree(long bytes) {
        memoryFreeBytes = bytes;
    }

    @Override
    public long memoryFreeBytes() {
        return memoryFreeBytes;
    }

    /** Returns all workers that were ever launched, in order. */
    public List<FakeWorker> all() {
        return List.copyOf(all);
    }

    /** Returns those that have not ended. */
    public List<FakeWorker> alive() {
        return all.stream().filter(FakeWorker::isAlive).toList();
    }

    /** Returns the worker of that name. */
    public FakeWorker get(String id) {
        return all.stream()
                .filter(worker -> worker.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no worker " + id + " was launched, but " + all));
    }

    /** Returns the editions whose last worker has gone. */
    public List<String> retired() {
        return List.copyOf(retired);
    }

    @Override
    public CompletableFuture<WorkerProcess> launch(
            PythonSettings python, WorkerRequest request, WorkerListener listener) {
        RuntimeException thrown = defect;
        if (thrown != null) {
            throw thrown;
        }
        String reason = obstacle;
        if (reason != null) {
            return CompletableFuture.failedFuture(new StartException(reason));
        }
        FakeWorker worker = new FakeWorker(this, request, listener, pids.getAndIncrement());
        all.add(worker);
        if (readyAtOnce) {
            worker.ready();
        }
        return CompletableFuture.completedFuture(worker);
    }

    @Override
    public void retire(PythonSettings python, String edition, String pool) {
        retired.add(edition);
    }

    /** Ends all workers; no more are launched. */
    @Override
    public void close() {
        failLaunches("the test is over");
        all.forEach(worker -> worker.dieOf(9));
        try {
            server.close();
            while (!tryDelete()) {
                Thread.onSpinWait(); // a launch that had begun before is just making its files
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean tryDelete() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        try {
            Files.delete(directory);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }
}
