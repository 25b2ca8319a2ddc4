package org.vivarium.api.client;

import java.util.List;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.PythonPool;
import org.vivarium.api.client.bridge.Bridge;
import org.vivarium.api.client.bridge.BridgeConnection;
import org.vivarium.api.client.bridge.BridgeConnection.ServiceGoneException;
import org.vivarium.api.program.ProgramProxy;

/** Finds pools for code that has no injection. */
public final class PythonPools {
    private PythonPools() {}

    /**
     * Returns the pool {@code name} of the service on this server. Neither the service nor the pool need exist yet:
     * each call says so if they do not, and the pool that is returned survives redeployments of the service.
     */
    public static PythonPool of(String name) {
        return new BridgedPool(name, BridgeConnection.SHARED);
    }

    /**
     * Returns an object whose methods call programs, as {@link org.vivarium.api.PythonProgram} says.
     *
     * @throws IllegalArgumentException if {@code type} is no interface with that annotation, or has a method that
     *     cannot be a call; the message says in one sentence what is wrong
     */
    public static <T> T proxy(Class<T> type) {
        return ProgramProxy.of(type, PythonPools::of);
    }

    /**
     * Returns the names of all pools that are configured.
     *
     * @throws org.vivarium.api.PoolResourceException of type {@code ServiceUnavailable} if the service is not deployed
     */
    public static List<String> names() {
        return names(BridgeConnection.SHARED);
    }

    static List<String> names(BridgeConnection bridge) {
        try {
            return List.of((String[]) bridge.invoke(Bridge.POOLS));
        } catch (ServiceGoneException e) {
            throw Failures.unavailable(ErrorContext.of("*"), e);
        }
    }
}
