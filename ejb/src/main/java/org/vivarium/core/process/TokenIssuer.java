package org.vivarium.core.process;

/** Makes one-time tokens; the narrow door to the control loop. */
@FunctionalInterface
interface TokenIssuer {

    /** Returns a new token whose connections go to {@code expectation}. */
    String issue(Expectation expectation);
}
