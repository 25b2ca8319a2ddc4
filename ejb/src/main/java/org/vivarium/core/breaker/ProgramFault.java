package org.vivarium.core.breaker;

import org.vivarium.api.PythonException;

/** Which failures of a call speak against its program, so that the circuit breaker counts them. */
public final class ProgramFault {
    private ProgramFault() {}

    /**
     * Returns whether {@code failure} counts: a worker had the call, and {@link org.vivarium.api.ErrorDescriptor.Blame}
     * says that the program may be to blame. What the caller or an operator did, or the pool before a worker had the
     * call, does not.
     */
    public static boolean is(PythonException failure) {
        boolean reachedWorker = failure.details().context().worker() != null;
        return reachedWorker && failure.details().descriptor().blame().isOfProgram();
    }
}
