package org.vivarium.core.process.procfs;

/**
 * What tells a process from another one that is given its id later.
 *
 * @param startTicks when it started, in clock ticks since the system was booted; 0 if it had gone when it was looked at
 */
public record ProcessIdentity(long pid, long startTicks) {
    /** Returns the identity of the process that has the id {@code pid} now. */
    public static ProcessIdentity of(long pid) {
        StatLine line = StatLine.of(pid);
        return new ProcessIdentity(pid, line == null ? 0 : line.startTicks());
    }

    /** Returns whether it has gone, or has ended and its parent has not been told yet. */
    public boolean hasEnded() {
        StatLine line = StatLine.of(pid);
        return line == null || line.startTicks() != startTicks || line.hasEnded();
    }
}
