package org.vivarium.api.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.Payload;
import org.vivarium.api.PoolQueries;
import org.vivarium.api.PoolResourceException;
import org.vivarium.api.PoolSystemException;
import org.vivarium.api.ProgressListener;
import org.vivarium.api.PythonException;
import org.vivarium.api.PythonPool;
import org.vivarium.api.PythonStream;
import org.vivarium.api.client.bridge.Bridge;
import org.vivarium.api.client.bridge.BridgeConnection;
import org.vivarium.api.client.bridge.BridgeConnection.ServiceGoneException;
import org.vivarium.api.client.bridge.CallerJson;

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
        return decode(json, program, result, invoke(Bridge.CALL, program, encode(json, program, inputs), options));
    }

    @Override
    public byte[] callJson(String program, byte[] inputs, CallOptions options) {
        Object answer = invoke(Bridge.CALL, program, requireNonNull(inputs, "inputs"), options);
        if (answer instanceof byte[] json) {
            return json;
        }
        throw Failures.binaryResult(
                at(program), Bridge.payload(successful(answer)).attachments().size());
    }

    @Override
    public Payload callRaw(String program, Payload inputs, CallOptions options) {
        return Bridge.payload(successful(invoke(Bridge.CALL, program, Bridge.value(inputs), options)));
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // generic types can be said by Type only
    public <T> CompletionStage<T> callAsync(String program, @Nullable Object inputs, Type result, CallOptions options) {
        CallerJson json =
                CallerJson.ofThread(); // the answer comes on a thread of the service, whose class loader is another
        CompletableFuture<T> answered = new CompletableFuture<>();
        try {
            CompletableFuture<?> running =
                    (CompletableFuture<?>) invoke(Bridge.CALL_ASYNC, program, encode(json, program, inputs), options);
            CompletableFuture<?> unused = running.whenComplete((answer, failure) -> complete(answered, () -> {
                if (failure != null) {
                    throw asynchronous(program, failure);
                }
                return decode(json, program, result, answer);
            }));
            cancelIfAbandoned(answered, running);
        } catch (PythonException e) {
            answered.completeExceptionally(e);
        }
        return answered;
    }

    /** Cancels the call once its stage was completed by somebody else: nobody waits for the program any more. */
    private static void cancelIfAbandoned(CompletableFuture<?> answered, CompletableFuture<?> running) {
        CompletableFuture<?> unused = answered.whenComplete((value, failure) -> {
            if (!running.isDone()) {
                running.cancel(true);
            }
        });
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // generic types can be said by Type only
    public <T> PythonStream<T> stream(String program, @Nullable Object inputs, Type chunk, CallOptions options) {
        CallerJson json = CallerJson.ofThread();
        Object answer = invoke(Bridge.STREAM, program, encode(json, program, inputs), options);
        return new BridgedStream<>(answer, at(program), value -> decode(json, program, chunk, value));
    }

    @Override
    public Map<String, Object> executeProgram(String id, Map<String, ?> inputs, Map<String, ?> options) {
        AdapterOptions read = new AdapterOptions(options, AdapterOptions.OF_CALL, at(id));
        Object result = meant(read).call(id, inputs, (Type) Object.class, read.call());
        Map<String, Object> outputs = new HashMap<>();
        if (result instanceof Map<?, ?> members) {
            members.forEach((name, value) -> outputs.put((String) name, value));
        } else {
            outputs.put("result", result);
        }
        return outputs;
    }

    @Override
    public Map<String, Object> healthCheck(Map<String, ?> options) {
        AdapterOptions read = new AdapterOptions(options, AdapterOptions.OF_HEALTH, at(null));
        BridgedPool pool = meant(read);
        try {
            return facts(pool.ask(null, Bridge.HEALTH, pool.name));
        } catch (PoolResourceException | PoolSystemException e) {
            return Map.of("status", "error", "pool", pool.name, "message", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Map<String, Object> getStats(Map<String, ?> options) {
        AdapterOptions read = new AdapterOptions(options, AdapterOptions.OF_STATS, at(null));
        BridgedPool pool = meant(read);
        boolean workers = Boolean.TRUE.equals(read.flag(AdapterOptions.WORKERS));
        return facts(pool.ask(null, Bridge.STATS, pool.name, workers));
    }

    @Override
    public PoolQueries queries() {
        return new BridgedQueries(this::query);
    }

    private Map<String, Object> query(String what, Map<String, String> arguments) {
        CallerJson json = CallerJson.ofThread();
        return decode(json, null, Map.class, ask(null, Bridge.QUERY, name, what, arguments));
    }

    private BridgedPool meant(AdapterOptions options) {
        String pool = options.pool(name);
        return pool.equals(name) ? this : new BridgedPool(pool, bridge);
    }

    @SuppressWarnings("unchecked") // the contract of the bridge
    private static Map<String, Object> facts(Object answer) {
        return (Map<String, Object>) ((Object[]) successful(answer))[0];
    }

    private Object invoke(String operation, String program, Object inputs, CallOptions options) {
        requireNonNull(program, "program");
        Duration timeout = options.timeout();
        CallContext context = options.context();
        Long millis = timeout == null ? null : timeout.toMillis();
        Map<String, String> fields = context.equals(CallContext.NONE) ? Map.of() : context.toMap();
        ProgressListener listener = options.progress();
        if (listener == null && options.key() == null && options.idempotent() == null) {
            return ask(program, operation, name, program, inputs, millis, options.priority(), fields);
        }
        BiConsumer<Double, String> progress = listener == null ? null : listener::progress;
        return ask(
                program,
                operation,
                name,
                program,
                inputs,
                millis,
                options.priority(),
                fields,
                options.key(),
                options.idempotent(),
                progress);
    }

    private Object ask(@Nullable String program, String operation, @Nullable Object... arguments) {
        try {
            return bridge.invoke(operation, arguments);
        } catch (ServiceGoneException e) {
            throw Failures.unavailable(at(program), e);
        } catch (PythonException e) { // of our own class loader: the service and the caller share one
            throw e;
        } catch (RuntimeException e) {
            throw Failures.unexpected(at(program), e);
        }
    }

    private static Object successful(Object answer) {
        if (answer instanceof Map<?, ?>) {
            throw Failures.answered(answer);
        }
        return answer;
    }

    private Object encode(CallerJson json, String program, @Nullable Object inputs) {
        try {
            return json.encode(inputs);
        } catch (RuntimeException e) { // whatever JSON-B or a getter of the application throws
            throw Failures.invalidInput(at(program), e);
        }
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"
    }) // the null of JSON becomes that of Java, whatever T is
    private <T> T decode(CallerJson json, @Nullable String program, Type result, Object answer) {
        if (answer instanceof byte[] plain) {
            String text = new String(plain, UTF_8);
            try {
                return json.decode(text, result);
            } catch (RuntimeException e) { // whatever JSON-B or a constructor of the application throws
                throw Failures.resultMismatch(at(program), result, text, e);
            }
        }
        return decode(json, program, result, Bridge.payload(successful(answer)));
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // as above
    private <T> T decode(CallerJson json, @Nullable String program, Type result, Payload answer) {
        String text = new String(answer.json(), UTF_8);
        try {
            return json.decode(text, answer.attachments(), result);
        } catch (RuntimeException e) { // as above
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

    private ErrorContext at(@Nullable String program) {
        return ErrorContext.of(name, program);
    }

    private Object writeReplace() {
        return new Named(name);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a PythonPool cannot be serialized; send its name");
    }

    /** What a passivated bean keeps of its pool. */
    private record Named(String name) implements Serializable {
        private Object readResolve() {
            return new BridgedPool(name, BridgeConnection.SHARED);
        }
    }
}
