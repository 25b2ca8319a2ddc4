package org.vivarium.adapter.boot;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.client.Bridge;
import org.vivarium.api.view.PoolView;
import org.vivarium.core.runtime.Operations;

/**
 * The service's end of the {@link Bridge}. Thread safe; after {@link #close} every call throws
 * {@link IllegalStateException}, so that callers look up the next one.
 */
public final class BridgeFunction implements BiFunction<String, Object[], Object>, AutoCloseable {
    private final Operations operations;
    private volatile boolean closed;

    public BridgeFunction(Operations operations) {
        this.operations = operations;
    }

    @Override
    public Object apply(String operation, Object[] arguments) {
        if (closed) {
            throw new IllegalStateException("the service was undeployed");
        }
        return switch (operation) {
            case Bridge.CALL -> call(arguments);
            case Bridge.CALL_ASYNC -> callAsync(arguments);
            case Bridge.POOLS -> operations.pools().stream().map(PoolView::name).toArray(String[]::new);
            default ->
                throw new UnsupportedOperationException(
                        "operation '" + operation + "': the client jar is newer than the service");
        };
    }

    private Object call(Object[] arguments) {
        try {
            return operations
                    .call((String) arguments[0], (String) arguments[1], inputs(arguments), options(arguments))
                    .json();
        } catch (PythonException e) {
            return e.details().toMap();
        }
    }

    private CompletableFuture<Object> callAsync(Object[] arguments) {
        try {
            return operations
                    .callAsync((String) arguments[0], (String) arguments[1], inputs(arguments), options(arguments))
                    .handle(BridgeFunction::outcome);
        } catch (PythonException e) {
            return CompletableFuture.completedFuture(e.details().toMap());
        }
    }

    private static Payload inputs(Object[] arguments) {
        return Payload.of((byte[]) arguments[2]);
    }

    private static Object outcome(Payload result, Throwable failure) {
        if (failure == null) {
            return result.json();
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof PythonException exception) {
            return exception.details().toMap();
        }
        throw new CompletionException(cause);
    }

    @SuppressWarnings("unchecked") // the contract of the bridge
    private static CallOptions options(Object[] arguments) {
        Long timeoutMillis = (Long) arguments[3];
        int priority = (Integer) arguments[4];
        Map<String, String> context = (Map<String, String>) arguments[5];
        if (timeoutMillis == null && priority == 0 && context.isEmpty()) {
            return CallOptions.DEFAULT;
        }
        Duration timeout = timeoutMillis == null ? null : Duration.ofMillis(timeoutMillis);
        return new CallOptions(timeout, priority, CallContext.of(context));
    }

    @Override
    public void close() {
        closed = true;
    }
}
