package org.vivarium.adapter.boot;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
    private static final int WITHOUT_EXTRAS = 6;

    private final Operations operations;
    private final AdapterFacts facts;
    private volatile boolean closed;

    public BridgeFunction(Operations operations) {
        this.operations = operations;
        this.facts = new AdapterFacts(operations);
    }

    @Override
    public Object apply(String operation, Object[] arguments) {
        if (closed) {
            throw new IllegalStateException("the service was undeployed");
        }
        return switch (operation) {
            case Bridge.CALL -> call(arguments);
            case Bridge.CALL_ASYNC -> callAsync(arguments);
            case Bridge.STREAM -> answer(() -> stream(arguments));
            case Bridge.POOLS -> operations.pools().stream().map(PoolView::name).toArray(String[]::new);
            case Bridge.HEALTH -> answer(() -> new Object[] {facts.health((String) arguments[0])});
            case Bridge.STATS ->
                answer(() -> new Object[] {facts.stats((String) arguments[0], (Boolean) arguments[1])});
            default ->
                throw new UnsupportedOperationException(
                        "operation '" + operation + "': the client jar is newer than the service");
        };
    }

    private static Object answer(Supplier<Object> operation) {
        try {
            return operation.get();
        } catch (PythonException e) {
            return e.details().toMap();
        }
    }

    private Object call(Object[] arguments) {
        try {
            return Bridge.value(operations.call(
                    (String) arguments[0], (String) arguments[1], inputs(arguments), options(arguments)));
        } catch (PythonException e) {
            return e.details().toMap();
        }
    }

    private CompletableFuture<Object> callAsync(Object[] arguments) {
        try {
            CompletableFuture<Payload> running = operations.callAsync(
                    (String) arguments[0], (String) arguments[1], inputs(arguments), options(arguments));
            CompletableFuture<Object> answered = running.handle(BridgeFunction::outcome);
            CompletableFuture<?> unused = answered.whenComplete((value, failure) -> {
                if (!running.isDone()) { // completed by the caller
                    running.cancel(true);
                }
            });
            return answered;
        } catch (PythonException e) {
            return CompletableFuture.completedFuture(e.details().toMap());
        }
    }

    private Object stream(Object[] arguments) {
        return new BridgeStream(
                operations.stream((String) arguments[0], (String) arguments[1], inputs(arguments), options(arguments)));
    }

    private static Payload inputs(Object[] arguments) {
        return Bridge.payload(arguments[2]);
    }

    private static Object outcome(Payload result, Throwable failure) {
        if (failure == null) {
            return Bridge.value(result);
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
        boolean extras = arguments.length > WITHOUT_EXTRAS;
        if (timeoutMillis == null && priority == 0 && context.isEmpty() && !extras) {
            return CallOptions.DEFAULT;
        }
        Duration timeout = timeoutMillis == null ? null : Duration.ofMillis(timeoutMillis);
        CallContext fields = CallContext.of(context);
        return extras ? withExtras(arguments, timeout, priority, fields) : new CallOptions(timeout, priority, fields);
    }

    @SuppressWarnings("unchecked") // the contract of the bridge
    private static CallOptions withExtras(
            Object[] arguments, @Nullable Duration timeout, int priority, CallContext context) {
        BiConsumer<Double, String> progress = (BiConsumer<Double, String>) arguments[8];
        return new CallOptions(
                timeout,
                priority,
                (String) arguments[6],
                (Boolean) arguments[7],
                progress == null ? null : progress::accept,
                context);
    }

    @Override
    public void close() {
        closed = true;
    }
}
