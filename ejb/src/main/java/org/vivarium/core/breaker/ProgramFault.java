package org.vivarium.core.breaker;

import org.vivarium.api.PythonException;

/** Which failures of a call speak against its program, so that the circuit breaker counts them. */
public final class ProgramFault {
    private ProgramFault() {}

    /**
     * Returns whether {@code failure} counts: the program raised, took too long, or cost its worker. What the caller or
     * an operator did, or the pool before a worker had the call, does not.
     */
    public static boolean is(PythonException failure) {
        boolean reachedWorker = failure.details().context().worker() != null;
        return reachedWorker
                && !failure.type().equals("Cancelled")
                && switch (failure.category()) {
                    case TIMEOUT_ERROR -> failure.type().equals("CallTimeout");
                    case COMMUNICATION_ERROR, PROTOCOL_ERROR, RESOURCE_ERROR, PROGRAM_ERROR -> true;
                    case SYSTEM_ERROR, VALIDATION_ERROR, SESSION_ERROR -> false;
                };
    }
}
