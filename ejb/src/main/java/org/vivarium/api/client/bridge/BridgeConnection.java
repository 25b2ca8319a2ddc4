package org.vivarium.api.client.bridge;

import java.util.function.BiFunction;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/** Keeps the service's function at hand, and finds the new one after a redeployment. Thread safe. */
public final class BridgeConnection {
    /** The connection of this class loader. */
    @SuppressWarnings("BanJNDI") // a constant name in the server's own tree
    public static final BridgeConnection SHARED = new BridgeConnection(() -> InitialContext.doLookup(Bridge.JNDI_NAME));

    private final BridgeLookup lookup;
    private volatile @Nullable BiFunction<String, @Nullable Object[], Object> function;

    public BridgeConnection(BridgeLookup lookup) {
        this.lookup = lookup;
    }

    /**
     * Returns what the service answers.
     *
     * @throws ServiceGoneException if there is no service, or the one found has just gone
     */
    public Object invoke(String operation, @Nullable Object... arguments) throws ServiceGoneException {
        BiFunction<String, @Nullable Object[], Object> known = function;
        if (known != null) {
            try {
                return known.apply(operation, arguments);
            } catch (IllegalStateException e) { // undeployed since: perhaps there is a newer one
                function = null;
            }
        }
        return invokeFound(operation, arguments);
    }

    private Object invokeFound(String operation, @Nullable Object[] arguments) throws ServiceGoneException {
        try {
            BiFunction<String, @Nullable Object[], Object> found = lookup.find();
            Object answer = found.apply(operation, arguments);
            function = found;
            return answer;
        } catch (NamingException | IllegalStateException e) {
            throw new ServiceGoneException(e);
        }
    }

    /** Says that there is no service to talk to. */
    public static final class ServiceGoneException extends Exception {
        private static final long serialVersionUID = 1;

        ServiceGoneException(Throwable cause) {
            super("the Vivarium service is not deployed on this server, or is being redeployed", cause);
        }
    }
}
