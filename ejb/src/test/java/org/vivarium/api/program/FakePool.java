package org.vivarium.api.program;

import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PoolQueries;
import org.vivarium.api.PythonPool;
import org.vivarium.api.PythonStream;

/** A pool that answers what it was told to, and remembers what it was asked. */
final class FakePool implements PythonPool {
    final List<String> asked = new ArrayList<>();
    final Deque<@Nullable Object> answers = new ArrayDeque<>();
    CallOptions lastOptions = CallOptions.DEFAULT;
    private final String name;

    FakePool(String name) {
        this.name = name;
    }

    private void note(String how, String program, @Nullable Object inputs, Type type, CallOptions options) {
        asked.add(how + ' ' + name + '.' + program + ' ' + inputs + " as " + type.getTypeName());
        lastOptions = options;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    @SuppressWarnings({"TypeParameterUnusedInFormals", "unchecked"})
    public <T> T call(String program, @Nullable Object inputs, Type result, CallOptions options) {
        note("call", program, inputs, result, options);
        return (T) answers.poll();
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public <T> CompletionStage<T> callAsync(String program, @Nullable Object inputs, Type result, CallOptions options) {
        note("callAsync", program, inputs, result, options);
        return new CompletableFuture<>();
    }

    @Override
    @SuppressWarnings({"TypeParameterUnusedInFormals", "unchecked"})
    public <T> PythonStream<T> stream(String program, @Nullable Object inputs, Type chunk, CallOptions options) {
        note("stream", program, inputs, chunk, options);
        return (PythonStream<T>) answers.poll();
    }

    @Override
    public byte[] callJson(String program, byte[] inputs, CallOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Payload callRaw(String program, Payload inputs, CallOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Object> executeProgram(String id, Map<String, ?> inputs, Map<String, ?> options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Object> healthCheck(Map<String, ?> options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Object> getStats(Map<String, ?> options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PoolQueries queries() {
        throw new UnsupportedOperationException();
    }
}
