package org.vivarium.testing.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.vivarium.core.process.ExitStatus;
import org.vivarium.core.process.ProcessLimits;
import org.vivarium.core.process.WorkerListener;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.WorkerRequest;
import org.vivarium.core.process.channel.CallChannel;
import org.vivarium.core.process.channel.SlotMemory;
import org.vivarium.core.process.procfs.ProcessState;

/**
 * A worker process that does what a test says. It speaks the real protocol over real sockets, obeys STOP, SIGTERM and
 * SIGKILL at once unless told otherwise, and answers pings.
 */
public final class FakeWorker implements WorkerProcess {
    private final FakeWorkers factory;
    private final WorkerRequest request;
    private final WorkerListener listener;
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private final List<String> signals = new CopyOnWriteArrayList<>();
    private final List<FakeSlot> slots = new CopyOnWriteArrayList<>();
    private volatile List<CallChannel> channels = List.of();
    private volatile long pid;
    private volatile Duration silence = Duration.ZERO;
    private volatile ProcessState state = new ProcessState('S', Duration.ZERO);
    private volatile CompletableFuture<String> stacks;
    private volatile boolean obeysStop = true;
    private volatile boolean obeysTerm = true;
    private volatile boolean obeysKill = true;
    private volatile boolean answersPings = true;
    private final AtomicInteger pings = new AtomicInteger();
    private boolean reads = true;

    FakeWorker(FakeWorkers factory, WorkerRequest request, WorkerListener listener, long pid) {
        this.factory = factory;
        this.request = request;
        this.listener = listener;
        this.pid = pid;
        this.stacks = CompletableFuture.completedFuture("stacks of " + request.id());
    }

    /** Returns the name by which the pool knows it. */
    public String id() {
        return request.id();
    }

    /** Returns what was asked for. */
    public WorkerRequest request() {
        return request;
    }

    // What a test has it do.

    /** Becomes ready: all its channels are connected. Nothing if it is or has failed. */
    public void ready() {
        if (!started.compareAndSet(false, true)) {
            return;
        }
        List<CallChannel> made = new ArrayList<>();
        for (int slot = 0; slot < request.slots(); slot++) {
            made.add(connect(slot));
        }
        channels = List.copyOf(made);
        listener.ready(factory.views());
    }

    private CallChannel connect(int slot) {
        try {
            Path down = Files.createFile(factory.directory().resolve(id() + "-" + slot + "-down"));
            Path up = Files.createFile(factory.directory().resolve(id() + "-" + slot + "-up"));
            List<SocketChannel> pair = factory.pair();
            slots.add(new FakeSlot(this, pair.get(1), down));
            return new CallChannel(pair.get(0), factory.ticker(), request.channel(), new SlotMemory(down, up));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says that it cannot start, and ends, as a module does that does not import. */
    public void failToStart(String reason) {
        tellFailed(reason);
        die(1);
    }

    /** Is never made, because its fork server refuses to; another try is of no use before {@code cleared}. */
    public void refuse(String reason, CompletableFuture<Void> cleared) {
        if (started.compareAndSet(false, true)) {
            exit.complete(ExitStatus.UNKNOWN);
            listener.refused(reason, cleared);
        }
    }

    private void tellFailed(String reason) {
        if (started.compareAndSet(false, true)) {
            listener.failed(reason);
        }
    }

    /** Ends by itself with an exit status. */
    public void die(int code) {
        end(new ExitStatus(code, null, 0, 0, 0, null));
    }

    /** Is ended by a signal, whoever sent it. */
    public void dieOf(int signal) {
        end(new ExitStatus(null, signal, 0, 0, 0, null));
    }

    /** Is killed by the kernel for memory, as far as anybody knows: {@code cause} is what the host has found out. */
    public void dieForMemory(String cause) {
        end(new ExitStatus(null, 9, 0, 0, 0, cause));
    }

    private void end(ExitStatus status) {
        if (exit.complete(status)) {
            slots.forEach(FakeSlot::close);
            continueReading(); // of what is closed now: nothing is read any more
            channels.forEach(CallChannel::processEnded);
            tellFailed("it " + status.inWords() + " before it was ready");
            listener.exited(status);
        }
    }

    /** Closes its channels and lives on. */
    public void hangUp() {
        slots.forEach(FakeSlot::close);
    }

    /** Leaves what arrives from now on unread, so that no call begins. */
    public synchronized void stopReading() {
        reads = false;
    }

    private synchronized void continueReading() {
        reads = true;
        notifyAll();
    }

    /** Has sent no sign of life for {@code length}, and the kernel says {@code seen} of it. */
    public void fallSilent(Duration length, ProcessState seen) {
        state = seen;
        silence = length;
    }

    /** Obeys STOP no longer. */
    public void ignoreStop() {
        obeysStop = false;
    }

    /** Obeys SIGTERM no longer. */
    public void ignoreTerm() {
        obeysTerm = false;
    }

    /** Stays even after SIGKILL, like a process that waits for a device, until it is told to die. */
    public void outliveKill() {
        obeysKill = false;
    }

    /** Answers no ping from now on. */
    public void ignorePings() {
        answersPings = false;
    }

    /** Answers the pings that it owes, and all later ones. */
    public void answerPings() {
        answersPings = true;
        slots.forEach(FakeSlot::answerPings);
    }

    /** Gives {@code text} when it is asked for its stacks; never anything if that does not complete. */
    public void stacks(CompletableFuture<String> text) {
        stacks = text;
    }

    /** Has the process id of another process, such as this one: the kernel tells of that then. */
    public void pretendToBe(long pid) {
        this.pid = pid;
    }

    // What a test sees of it.

    /** Returns the signals that it got, in order: TERM, KILL, POKE, DUMP, and STOP, which is a frame. */
    public List<String> signals() {
        return List.copyOf(signals);
    }

    /** Returns how many pings it has had. */
    public int pings() {
        return pings.get();
    }

    /** Returns whether it has not ended. */
    public boolean isAlive() {
        return !exit.isDone();
    }

    // What its slots tell.

    synchronized void awaitReading() {
        boolean interrupted = false;
        while (!reads) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void askedToStop() {
        signals.add("STOP");
        if (obeysStop) {
            die(0);
        }
    }

    boolean heardPing() {
        pings.incrementAndGet();
        return answersPings;
    }

    void run(FakeCall call) {
        factory.program(call.program()).take(call);
    }

    void couldNotSend() {
        signals.add("EPIPE");
    }

    // What the pool asks of it.

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public List<CallChannel> channels() {
        return channels;
    }

    @Override
    public int slots() {
        return request.slots();
    }

    @Override
    public Duration silence() {
        return silence;
    }

    @Override
    public Duration heartbeatInterval() {
        return request.heartbeat();
    }

    @Override
    public ProcessState state() {
        return isAlive() ? state : null;
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
        signals.add("TERM");
        if (obeysTerm) {
            dieOf(15);
        }
    }

    @Override
    public void poke() {
        signals.add("POKE");
        slots.forEach(FakeSlot::lookAtMemory);
    }

    @Override
    public void kill() {
        signals.add("KILL");
        if (obeysKill) {
            dieOf(9);
        }
    }

    @Override
    public CompletableFuture<String> dumpStacks() {
        signals.add("DUMP");
        return stacks;
    }

    @Override
    public String toString() {
        return id();
    }
}
