package org.vivarium.api.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.PythonException;
import org.vivarium.api.PythonPool;
import org.vivarium.api.client.BridgeConnection.ServiceGoneException;

/**
 * The pool as an application sees it: encodes in the caller's class loader and calls through the {@link Bridge}. Thread
 * safe.
 */
final class BridgedPool implements PythonPool, Serializable {
    private static final long serialVersionUID = 1;

    private final String name;
    private final transient BridgeConnection bridge;

    BridgedPool(String name, BridgeConnection bridge) {
        this.name = requireNonNull(name, "name");
        this.bridge = requireNonNull(bridge, "bridge");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // generic types can be said by Type only
    public <T> T call(String program, @Nullable Object inputs, Type result, CallOptions options) {
        CallerJson json = CallerJson.ofThread();
        return decode(json, program, result, send(program, encode(json, program, inputs), options));
    }

    @Override
    public byte[] callJson(String program, byte[] inputs, CallOptions options) {
        return send(program, requireNonNull(inputs, "inputs"), options);
    }

    @Override
    public <T> CompletionStage<T> callAsync(
            String program, @Nullable Object inputs, Class<T> result, CallOptions options) {
        CallerJson json =
                CallerJson.ofThread(); // the answer comes on a thread of the service, whose class loader is another
        CompletableFuture<T> answered = new CompletableFuture<>();
        try {
            CompletionStage<?> stage =
                    (CompletionStage<?>) invoke(Bridge.CALL_ASYNC, program, encode(json, program, inputs), options);
            stage.whenComplete((answer, failure) -> complete(answered, () -> {
                if (failure != null) {
                    throw asynchronous(program, failure);
                }
                return decode(json, program, result, bytes(answer));
            }));
        } catch (PythonException e) {
            answered.completeExceptionally(e);
        }
        return answered;
    }

    private byte[] send(String program, byte[] inputs, CallOptions options) {
        return bytes(invoke(Bridge.CALL, program, inputs, options));
    }

    private Object invoke(String operation, String program, byte[] inputs, CallOptions options) {
        requireNonNull(program, "program");
        Duration timeout = options.timeout();
        CallContext context = options.context();
        Long millis = timeout == null ? null : timeout.toMillis();
        Map<String, String> fields = context.equals(CallContext.NONE) ? Map.of() : context.toMap();
        try {
            return bridge.invoke(operation, name, program, inputs, millis, options.priority(), fields);
        } catch (ServiceGoneException e) {
            throw Failures.unavailable(at(program), e);
        } catch (PythonException e) { // of our own class loader: the service and the caller share one
            throw e;
        } catch (RuntimeException e) {
            throw Failures.unexpected(at(program), e);
        }
    }

    private static byte[] bytes(Object answer) {
        if (answer instanceof byte[] json) {
            return json;
        }
        throw Failures.answered(answer);
    }

    private byte[] encode(CallerJson json, String program, @Nullable Object inputs) {
        try {
            return json.encode(inputs);
        } catch (RuntimeException e) { // whatever JSON-B or a getter of the application throws
            throw Failures.invalidInput(at(program), e);
        }
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"
    }) // the null of JSON becomes that of Java, whatever T is
    private <T> T decode(CallerJson json, String program, Type result, byte[] answer) {
        String text = new String(answer, UTF_8);
        try {
            return json.decode(text, result);
        } catch (RuntimeException e) { // whatever JSON-B or a constructor of the application throws
            throw Failures.resultMismatch(at(program), result, text, e);
        }
    }

    private PythonException asynchronous(String program, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof IllegalStateException
                ? Failures.unavailable(at(program), cause)
                : Failures.unexpected(at(program), cause);
    }

    private static <T> void complete(CompletableFuture<T> answered, Supplier<T> outcome) {
        try {
            answered.complete(outcome.get());
        } catch (PythonException e) {
            answered.completeExceptionally(e);
        }
    }

    private ErrorContext at(String program) {
        return ErrorContext.of(name, program);
    }

    private Object writeReplace() {
        return new Named(name);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a pool travels as its name only");
    }

    /** What a passivated bean keeps of its pool. */
    private record Named(String name) implements Serializable {
        private Object readResolve() {
            return new BridgedPool(name, BridgeConnection.SHARED);
        }
    }
}
