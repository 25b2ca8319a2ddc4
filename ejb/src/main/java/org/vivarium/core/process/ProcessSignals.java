package org.vivarium.core.process;

/**
 * Sends signals to worker processes: their parent does, because only there a PID cannot have been given to another
 * process meanwhile. Never blocks; a worker that has ended gets nothing.
 */
public interface ProcessSignals {
    /** Has a worker look at its cancel words. A real-time signal, as programs hardly ever use one. */
    int CANCEL = 50;

    /** Has a worker, or a fork server that imports, dump its stacks; likewise. */
    int DUMP = 51;

    /** Sends {@code signal}, by its number in Linux, to one worker. */
    void signal(String worker, int signal);

    /** Sends SIGKILL to one worker; what it has started is ended after it. */
    void kill(String worker);
}
