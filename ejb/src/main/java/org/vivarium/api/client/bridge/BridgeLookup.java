package org.vivarium.api.client.bridge;

import java.util.function.BiFunction;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/** Finds the function that the service has bound. */
@FunctionalInterface
public interface BridgeLookup {

    /** Returns the function bound now. */
    BiFunction<String, @Nullable Object[], Object> find() throws NamingException;
}
