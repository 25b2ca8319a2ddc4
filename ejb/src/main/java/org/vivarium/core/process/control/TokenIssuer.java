package org.vivarium.core.process.control;

/** Makes one-time tokens; the narrow door to the control loop. */
@FunctionalInterface
public interface TokenIssuer {

    /** Returns a new token whose connections go to {@code expectation}. */
    String issue(Expectation expectation);
}
