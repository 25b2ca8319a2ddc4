package org.vivarium.api;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.Type;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One session of a pool: calls through it share {@code context.session} and take turns.
 *
 * <p>Only a pool and an id: nothing is opened or closed, and any number of these may name the same session. The session
 * itself begins with its first call and is forgotten after {@code SessionTimeoutMillis} without one. Thread safe.
 */
public final class PythonSession {
    private final PythonPool pool;
    private final String id;
    private final CallOptions plain;

    PythonSession(PythonPool pool, String id) {
        this.pool = requireNonNull(pool, "pool");
        this.id = requireNonNull(id, "id");
        this.plain = within(CallOptions.DEFAULT);
    }

    /** Returns the pool whose programs are called. */
    public PythonPool pool() {
        return pool;
    }

    /** Returns the name of the session. */
    public String id() {
        return id;
    }

    /** Calls like {@link PythonPool#call(String, Object, Class)}. */
    public <T> T call(String program, @Nullable Object inputs, Class<T> result) {
        return pool.call(program, inputs, (Type) result, plain);
    }

    /** Calls like {@link PythonPool#call(String, Object, Class, CallOptions)}. */
    public <T> T call(String program, @Nullable Object inputs, Class<T> result, CallOptions options) {
        return pool.call(program, inputs, (Type) result, within(options));
    }

    /** Calls like {@link PythonPool#call(String, Object, Type, CallOptions)}. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as in PythonPool
    public <T> T call(String program, @Nullable Object inputs, Type result, CallOptions options) {
        return pool.call(program, inputs, result, within(options));
    }

    /** Calls like {@link PythonPool#callAsync(String, Object, Class, CallOptions)}. */
    public <T> CompletionStage<T> callAsync(
            String program, @Nullable Object inputs, Class<T> result, CallOptions options) {
        return pool.callAsync(program, inputs, (Type) result, within(options));
    }

    /** Calls like {@link PythonPool#callAsync(String, Object, Type, CallOptions)}. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as in PythonPool
    public <T> CompletionStage<T> callAsync(String program, @Nullable Object inputs, Type result, CallOptions options) {
        return pool.callAsync(program, inputs, result, within(options));
    }

    /** Calls like {@link PythonPool#stream(String, Object, Class, CallOptions)}. */
    public <T> PythonStream<T> stream(String program, @Nullable Object inputs, Class<T> chunk, CallOptions options) {
        return pool.stream(program, inputs, (Type) chunk, within(options));
    }

    /** Calls like {@link PythonPool#stream(String, Object, Type, CallOptions)}. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as in PythonPool
    public <T> PythonStream<T> stream(String program, @Nullable Object inputs, Type chunk, CallOptions options) {
        return pool.stream(program, inputs, chunk, within(options));
    }

    private CallOptions within(CallOptions options) {
        return options.withContext(options.context().withSession(id));
    }

    @Override
    public String toString() {
        return "session " + id + " of pool " + pool.name();
    }
}
