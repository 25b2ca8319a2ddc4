package org.vivarium.api;

/** What a process is to the service. */
public enum ProcessRole {
    /** Started by the server; watches over all below it. */
    GUARDIAN,
    /** Started by a guardian; forks workers. */
    FORK_SERVER,
    /** Runs programs. */
    WORKER,
    /** Started by one of these, or by another child; also a worker that has not reported yet. */
    CHILD,
    /** Has lost the process that started it, and was like that at two looks in a row. */
    ORPHAN
}
