package org.vivarium.core.process;

/**
 * Sends signals to worker processes: their parent does, because only there a PID cannot have been given to another
 * process meanwhile. Never blocks; a worker that has ended gets nothing.
 */
public interface ProcessSignals {

    /** Sends {@code signal}, by its number in Linux, to one worker. */
    void signal(String worker, int signal);

    /** Sends SIGKILL to one worker and its whole process group. */
    void kill(String worker);
}
