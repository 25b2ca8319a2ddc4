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
import org.vivarium.api.client.bridge.Bridge;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.PoolView;

/**
 * The service's end of the {@link Bridge}. Thread safe; after {@link #close} every call throws
 * {@link IllegalStateException}, so that callers look up the next one.
 */
public final class BridgeFunction implements BiFunction<String, @Nullable Object[], Object>, AutoCloseable {
    private static final int WITHOUT_EXTRAS = 6;

    private final ServiceOperations service;
    private final AdapterFacts facts;
    private final MetricsQueries queries;
    private volatile boolean closed;

    public BridgeFunction(ServiceOperations service) {
        this.service = service;
        this.facts = new AdapterFacts(service);
        this.queries = new MetricsQueries(service);
    }

    @Override
    public Object apply(String operation, @Nullable Object[] given) {
        if (closed) {
            throw new IllegalStateException("the service was undeployed");
        }
        BridgeArguments arguments = new BridgeArguments(given);
        return switch (operation) {
            case Bridge.CALL -> call(arguments);
            case Bridge.CALL_ASYNC -> callAsync(arguments);
            case Bridge.STREAM -> answer(() -> stream(arguments));
            case Bridge.POOLS -> service.pools().stream().map(PoolView::name).toArray(String[]::new);
            case Bridge.HEALTH -> answer(() -> new Object[] {facts.health(arguments.text(0))});
            case Bridge.STATS ->
                answer(() -> new Object[] {facts.stats(arguments.text(0), arguments.at(1, Boolean.class))});
            case Bridge.QUERY -> answer(() -> query(arguments));
            default ->
                throw new UnsupportedOperationException(
                        "operation '" + operation + "': the client jar is newer than the service");
        };
    }

    @SuppressWarnings("unchecked") // the contract of the bridge
    private Object query(BridgeArguments arguments) {
        return queries.answer(arguments.text(0), arguments.text(1), arguments.at(2, Map.class));
    }

    private static Object answer(Supplier<Object> operation) {
        try {
            return operation.get();
        } catch (PythonException e) {
            return e.details().toMap();
        }
    }

    private Object call(BridgeArguments arguments) {
        try {
            return Bridge.value(
                    service.pool(arguments.text(0)).call(arguments.text(1), inputs(arguments), options(arguments)));
        } catch (PythonException e) {
            return e.details().toMap();
        }
    }

    private CompletableFuture<Object> callAsync(BridgeArguments arguments) {
        try {
            CompletableFuture<Payload> running =
                    service.pool(arguments.text(0)).callAsync(arguments.text(1), inputs(arguments), options(arguments));
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

    private Object stream(BridgeArguments arguments) {
        return new BridgeStream(
                service.pool(arguments.text(0)).stream(arguments.text(1), inputs(arguments), options(arguments)));
    }

    private static Payload inputs(BridgeArguments arguments) {
        return Bridge.payload(arguments.at(2, Object.class));
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
    private static CallOptions options(BridgeArguments arguments) {
        Long timeoutMillis = arguments.orNull(3, Long.class);
        int priority = arguments.at(4, Integer.class);
        Map<String, String> context = arguments.at(5, Map.class);
        boolean extras = arguments.given().length > WITHOUT_EXTRAS;
        if (timeoutMillis == null && priority == 0 && context.isEmpty() && !extras) {
            return CallOptions.DEFAULT;
        }
        Duration timeout = timeoutMillis == null ? null : Duration.ofMillis(timeoutMillis);
        CallContext fields = CallContext.of(context);
        return extras ? withExtras(arguments, timeout, priority, fields) : new CallOptions(timeout, priority, fields);
    }

    @SuppressWarnings("unchecked") // the contract of the bridge
    private static CallOptions withExtras(
            BridgeArguments arguments, @Nullable Duration timeout, int priority, CallContext context) {
        BiConsumer<Double, String> progress = arguments.orNull(8, BiConsumer.class);
        return new CallOptions(
                timeout,
                priority,
                arguments.orNull(6, String.class),
                arguments.orNull(7, Boolean.class),
                progress == null ? null : progress::accept,
                context);
    }

    @Override
    public void close() {
        closed = true;
    }
}
