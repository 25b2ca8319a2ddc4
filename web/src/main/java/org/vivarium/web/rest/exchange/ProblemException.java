package org.vivarium.web.rest.exchange;

import org.vivarium.web.json.Problem;

/** Ends a request with a problem document. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    /** Returns what is answered. */
    public Problem problem() {
        return problem;
    }
}
