package org.vivarium.api;

import java.lang.reflect.Type;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A pool of Python worker processes whose programs are called like methods of a bean.
 *
 * <p>Inputs are any object that JSON-B writes as a JSON object (a record, a bean, a {@code Map}), or {@code null} for
 * none; its members become the keyword arguments of the Python function. Results are read by JSON-B in the class loader
 * of the caller. Every failure is a {@link PythonException}, and none other.
 *
 * <p>Thread safe. A pool that was injected stays usable when the service is redeployed.
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
     * encoded before this method returns. Cancelling the stage does not stop the program.
     */
    <T> CompletionStage<T> callAsync(String program, @Nullable Object inputs, Class<T> result, CallOptions options);

    /**
     * Calls {@code program} with inputs that are JSON already and returns its result as JSON, both UTF-8.
     *
     * @param inputs a JSON object; empty for no inputs
     */
    byte[] callJson(String program, byte[] inputs, CallOptions options);
}
