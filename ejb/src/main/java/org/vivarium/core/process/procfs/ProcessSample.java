package org.vivarium.core.process.procfs;

/**
 * What the kernel said about one process at one moment.
 *
 * @param pid the process id, which may belong to another process later
 * @param parent the id of its parent, which is another one once that has ended
 * @param session the id of the process that began the session it is in; a worker begins its own
 * @param startTicks when it started, in clock ticks since the machine did; with {@code pid} it tells processes apart
 * @param state its state as one letter: {@code R} runs, {@code S} sleeps, {@code D} waits for a device, {@code T} is
 *     stopped, {@code Z} has ended
 * @param rssBytes resident memory, pages that it shares with others included
 * @param privateBytes resident memory that ends with it; 0 if it was not asked for, because that costs more
 * @param cpuMillis processor time since its start, of all its threads, user and system
 * @param openDescriptors 0 if they are not ours to see
 */
public record ProcessSample(
        long pid,
        long parent,
        long session,
        long startTicks,
        char state,
        long rssBytes,
        long privateBytes,
        long cpuMillis,
        int threads,
        int openDescriptors) {

    /** Returns whether both are of one process, rather than of two that had the same id one after the other. */
    public boolean isSameProcess(ProcessSample other) {
        return pid == other.pid && startTicks == other.startTicks;
    }

    /** Returns whether it has ended, and its parent has not taken notice. */
    public boolean isZombie() {
        return state == 'Z';
    }

    /** Returns whether a signal has stopped it. */
    public boolean isStopped() {
        return state == 'T';
    }

    /** Returns this sample with the private memory of an earlier one. */
    ProcessSample withPrivateBytes(long bytes) {
        return new ProcessSample(
                pid, parent, session, startTicks, state, rssBytes, bytes, cpuMillis, threads, openDescriptors);
    }
}
