package org.vivarium.core.process.control;

/** Makes one-time tokens; the narrow interface to the control loop. */
@FunctionalInterface
public interface TokenIssuer {

    /** Returns a new token whose connections go to {@code expectation}. */
    String issue(Expectation expectation);
}
