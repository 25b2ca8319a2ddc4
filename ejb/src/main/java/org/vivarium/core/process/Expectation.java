package org.vivarium.core.process;

import org.jspecify.annotations.Nullable;

/** Who waits for the connections of one token. */
@FunctionalInterface
interface Expectation {

    /**
     * Takes a connection that said the right token, on the control loop's thread.
     *
     * @return who takes what arrives on it; {@code null} if the connection now belongs to the callee, who reads it himself
     */
    @Nullable Receiver accept(Hello hello, Connection connection);
}
