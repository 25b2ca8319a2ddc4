package org.vivarium.api;

import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A pool of Python worker processes whose programs are called like methods of a bean.
 *
 * <p>Inputs are any object that JSON-B writes as a JSON object (a record, a bean, a {@code Map}), or {@code null} for
 * none; its members become the keyword arguments of the Python function. Results are read by JSON-B in the class loader
 * of the caller. Every failure is a {@link PythonException}, and none other.
 *
 * <p>{@code byte[]} and {@code ByteBuffer} travel as they are, wherever they stand in the inputs; {@code bytes} of
 * Python arrive where the result has a {@code byte[]} or a {@code ByteBuffer}, or as {@code byte[]} inside a
 * {@code Map} or {@code List}. A base64 text and an array of numbers can be read as {@code byte[]} too.
 *
 * <p>Interrupting a thread that waits for a call cancels the call. Thread safe. A pool that was injected stays usable
 * when the service is redeployed.
 */
public interface PythonPool {

    /** Returns the name of the pool, as configured under {@code vivarium.pools}. */
    String name();

    /**
     * Calls {@code program} with the pool's default options and waits for its result.
     *
     * @throws PythonException if the call could not be made, did not end in time, or the program raised
     */
    default <T> T call(String program, @Nullable Object inputs, Class<T> result) {
        return call(program, inputs, (Type) result, CallOptions.DEFAULT);
    }

    /** Calls {@code program} like {@link #call(String, Object, Class)}, with options for this one call. */
    default <T> T call(String program, @Nullable Object inputs, Class<T> result, CallOptions options) {
        return call(program, inputs, (Type) result, options);
    }

    /** Calls {@code program} and reads the result as a generic type, such as {@code List<Summary>}. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as in JSON-B: a Type cannot carry T, the caller states it
    <T> T call(String program, @Nullable Object inputs, Type result, CallOptions options);

    /**
     * Calls {@code program} without holding the caller's thread.
     *
     * <p>The stage completes on a thread of the service, exceptionally with a {@link PythonException}. Inputs are
     * encoded before this method returns. Cancelling the stage itself, by {@code toCompletableFuture().cancel(true)},
     * cancels the call, as does completing it in any other way, such as by {@code orTimeout}; cancelling a stage that
     * was derived from it does not.
     */
    default <T> CompletionStage<T> callAsync(
            String program, @Nullable Object inputs, Class<T> result, CallOptions options) {
        return callAsync(program, inputs, (Type) result, options);
    }

    /** Calls like {@link #callAsync(String, Object, Class, CallOptions)} and reads the result as a generic type. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as above
    <T> CompletionStage<T> callAsync(String program, @Nullable Object inputs, Type result, CallOptions options);

    /**
     * Calls {@code program}, a generator, and returns what it yields as it comes; of another program, its result as the
     * only chunk. Returns once a worker has the call, which keeps that worker until the stream has ended or is closed.
     *
     * @throws PythonException if the call could not be made
     */
    default <T> PythonStream<T> stream(String program, @Nullable Object inputs, Class<T> chunk, CallOptions options) {
        return stream(program, inputs, (Type) chunk, options);
    }

    /** Streams like {@link #stream(String, Object, Class, CallOptions)} and reads chunks as a generic type. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as above
    <T> PythonStream<T> stream(String program, @Nullable Object inputs, Type chunk, CallOptions options);

    /**
     * Calls {@code program} with inputs that are JSON already and returns its result as JSON, both UTF-8.
     *
     * @param inputs a JSON object; empty for no inputs
     * @throws PythonException also if the result has binary data: use {@link #callRaw} for those
     */
    byte[] callJson(String program, byte[] inputs, CallOptions options);

    /** Calls {@code program} with inputs that are JSON already, with binary data beside it, and returns the same. */
    Payload callRaw(String program, Payload inputs, CallOptions options);

    /** Returns the session {@code id} of this pool; nothing is opened by that. */
    default PythonSession session(String id) {
        return new PythonSession(this, id);
    }

    /**
     * Executes a program by its id, with everything as plain maps.
     *
     * @param id name of the program
     * @param inputs its keyword arguments
     * @param options any of {@code timeout_millis} (whole number, in ms, until the deadline, at least 1),
     *     {@code priority} (whole number, -100 to 100), {@code idempotent} (boolean), {@code key}, {@code session_id},
     *     {@code correlation_id}, {@code project_id}, {@code execution_id}, {@code task_id}, {@code node},
     *     {@code traceparent}, {@code tracestate}, {@code baggage} and {@code pool_name} (another pool than this), all
     *     text
     * @return the program's outputs: its result if that is a JSON object, else a map with the result as its only member
     *     {@code result}
     * @throws InvalidCallException of type {@code InvalidOption} if an option is not known or not what it must be
     */
    Map<String, Object> executeProgram(String id, Map<String, ?> inputs, Map<String, ?> options);

    /**
     * Returns whether the pool can serve, from what is known of it: processes are watched without pause, and idle
     * workers are pinged every {@code HealthCheckIntervalMillis}.
     *
     * @param options {@code pool_name} (text), another pool than this
     * @return {@code status}, which is {@code ok}, {@code degraded} (serves, but something keeps the pool from its full
     *     size), {@code unhealthy} (cannot serve now) or {@code error} (the service cannot be asked); {@code pool};
     *     {@code message}, one sentence, empty if all is well; and unless it is {@code error}, {@code state},
     *     {@code workers} and {@code ready}
     * @throws InvalidCallException of type {@code InvalidOption} or {@code UnknownPool}
     */
    Map<String, Object> healthCheck(Map<String, ?> options);

    /**
     * Returns what the pool is doing and has counted.
     *
     * @param options {@code pool_name} (text), another pool than this; {@code workers} (boolean), whether to list each
     *     worker, by default not
     * @return {@code pool}, {@code adapter}, {@code uptime_seconds}, {@code programs} (names), {@code capabilities}
     *     (names), and the maps {@code pool_status}, {@code call_stats} and {@code worker_stats}; {@code workers} if
     *     asked for
     * @throws InvalidCallException of type {@code InvalidOption} or {@code UnknownPool}
     */
    Map<String, Object> getStats(Map<String, ?> options);

    /** Returns what asks for the metrics of this pool; nothing is asked by that. */
    PoolQueries queries();
}
