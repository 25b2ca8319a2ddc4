package org.vivarium.api.client;

import java.util.function.BiFunction;
import javax.naming.NamingException;

/** Finds the function that the service has bound. */
@FunctionalInterface
interface BridgeLookup {

    /** Returns the function bound now. */
    BiFunction<String, Object[], Object> find() throws NamingException;
}
