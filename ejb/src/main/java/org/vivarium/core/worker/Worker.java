package org.vivarium.core.worker;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.WorkerHealth;
import org.vivarium.api.WorkerId;
import org.vivarium.api.WorkerState;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.procfs.ProcessSample;
import org.vivarium.core.process.procfs.TimedSample;

/**
 * One worker as the pool sees it: identity, state, health, counts, and the process once there is one.
 *
 * <p>Thread safe. The counts are exact: each slot's owner adds to them. Health fields belong to whoever checks.
 */
public final class Worker {
    private final WorkerId id;
    private final String name;
    private final WorkerStateMachine machine;
    private final Instant created;
    private final int generation;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong receivedBytes = new AtomicLong();
    private volatile boolean inService;
    private volatile long callLimit = Long.MAX_VALUE;
    private volatile @Nullable WorkerProcess process;
    private volatile WorkerHealth health = WorkerHealth.UNKNOWN;
    private volatile boolean discarded;
    private volatile int healthFailures;
    private volatile @Nullable Instant lastCheck;
    private volatile @Nullable TimedSample lastSample;
    private volatile @Nullable LimitBreach breach;
    private volatile Set<String> lastPrograms = Set.of();

    /** Makes the worker that {@code machine} is the state of, asked for at {@code created}. */
    public Worker(WorkerStateMachine machine, int generation, Instant created) {
        this.id = machine.worker();
        this.generation = generation;
        this.name = id.toString();
        this.machine = machine;
        this.created = created;
    }

    /** Returns the worker's identity. */
    public WorkerId id() {
        return id;
    }

    /** Returns the worker's name as text, such as {@code default-3}. */
    public String name() {
        return name;
    }

    /** Returns the owner of the worker's state. */
    public WorkerStateMachine machine() {
        return machine;
    }

    /** Returns the state now. */
    public WorkerState state() {
        return machine.state();
    }

    /** Returns when the worker was asked for. */
    public Instant created() {
        return created;
    }

    /** Returns which generation of the pool's Python it runs; the first is 1. */
    public int generation() {
        return generation;
    }

    /** Returns whether callers are given its slots; a ready worker that they are not given is a spare. */
    public boolean inService() {
        return inService;
    }

    /** Says that callers are given its slots from now on. */
    public void enterService() {
        inService = true;
    }

    /** Says after how many calls it has done its share. */
    public void limitCalls(long limit) {
        callLimit = limit;
    }

    /** Says which process this is; once. */
    public void attach(WorkerProcess process) {
        this.process = process;
    }

    /** Returns the process; {@code null} before it was asked for. */
    public @Nullable WorkerProcess process() {
        return process;
    }

    /** Returns the process of a worker that is or was ready. */
    public WorkerProcess requireProcess() {
        return requireNonNull(process, "a ready worker has a process");
    }

    /** Returns the process id; 0 while it is not known. */
    public long pid() {
        WorkerProcess running = process;
        return running == null ? 0 : running.pid();
    }

    /** Says what was seen of its process last. */
    public void sampled(TimedSample latest) {
        lastSample = latest;
    }

    /** Returns what was seen of its process last, and when; {@code null} before the first sample. */
    public @Nullable TimedSample lastSample() {
        return lastSample;
    }

    /** Returns what was seen of its process last; {@code null} before the first sample. */
    public @Nullable ProcessSample sample() {
        TimedSample seen = lastSample;
        return seen == null ? null : seen.sample();
    }

    /** Ends the worker at once, because it used more than it may; {@code false} if it is ending already. */
    public boolean endFor(LimitBreach why) {
        if (!machine.state().canBecome(WorkerState.TERMINATING)) {
            return false;
        }
        breach = why; // first: the call in flight asks for it as soon as the process is gone
        boolean ended = machine.beginTermination(why.reason(), why.inWords());
        if (ended) {
            requireProcess().kill();
        }
        return ended;
    }

    /** Returns why {@link #endFor} was called; {@code null} if it was not. */
    public @Nullable LimitBreach breach() {
        return breach;
    }

    /** Counts one call, and returns whether it was the one that reached the limit: once in its life at most. */
    public boolean countCall(boolean failed) {
        if (failed) {
            errors.incrementAndGet();
        }
        return calls.incrementAndGet() == callLimit;
    }

    /** Counts a frame that was sent to it. */
    public void sent(long bytes) {
        sentBytes.getAndAdd(bytes);
    }

    /** Counts a frame that it has sent. */
    public void received(long bytes) {
        receivedBytes.getAndAdd(bytes);
    }

    /** Returns the bytes of all frames of calls that were sent to it, attachments included. */
    public long sentBytes() {
        return sentBytes.get();
    }

    /** Returns the bytes of all frames of calls that it has sent, attachments included. */
    public long receivedBytes() {
        return receivedBytes.get();
    }

    /** Notes the programs of the calls that it had when it was found dead, as far as the observer saw. */
    public synchronized void diedRunning(Set<String> programs) {
        Set<String> all = new TreeSet<>(lastPrograms);
        all.addAll(programs);
        lastPrograms = Set.copyOf(all);
    }

    /** Returns the programs of the calls that it had when it died; empty if it had none, or lives. */
    public Set<String> diedRunning() {
        return lastPrograms;
    }

    /** Returns how many calls it has ended. */
    public long calls() {
        return calls.get();
    }

    /** Returns how many of them failed. */
    public long errors() {
        return errors.get();
    }

    /** Records a check that went well. */
    public void checkPassed(Instant at) {
        lastCheck = at;
        healthFailures = 0;
        health = WorkerHealth.HEALTHY;
    }

    /**
     * Records a check that failed: the worker is unhealthy, and then degraded unless it is already.
     *
     * @return {@code false}, and nothing has changed, if it cannot be degraded: a busy worker is judged by its
     *     heartbeat and the deadlines of its calls
     */
    public boolean checkFailed(Instant at, String detail) {
        WorkerHealth before = health;
        health = WorkerHealth.UNHEALTHY; // first: whoever sees it degraded sees why
        if (machine.state() != WorkerState.DEGRADED && !machine.degrade(detail)) {
            health = before;
            return false;
        }
        lastCheck = at;
        int failures = healthFailures + 1;
        healthFailures = failures;
        return true;
    }

    /** Records that it has failed beyond repair. */
    public void discarded() {
        discarded = true;
    }

    /** Returns what the last check said; a worker that was discarded is never healthy again. */
    public WorkerHealth health() {
        return discarded ? WorkerHealth.UNHEALTHY : health;
    }

    /** Returns how many checks have failed in a row. */
    public int healthFailures() {
        return healthFailures;
    }

    /** Returns when it was last checked. */
    public @Nullable Instant lastCheck() {
        return lastCheck;
    }

    @Override
    public String toString() {
        return name;
    }
}
