package org.vivarium.api.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.client.bridge.Bridge;

/** A service that answers what it was told to, and remembers what it was asked. */
final class FakeService implements BiFunction<String, @Nullable Object[], Object> {
    final Deque<Object> answers = new ArrayDeque<>();
    boolean stopped;
    int calls;
    String lastOperation = "";

    @Nullable Object[] lastArguments = {};

    @Override
    public Object apply(String operation, @Nullable Object[] arguments) {
        if (stopped) {
            throw new IllegalStateException("stopped");
        }
        calls++;
        lastOperation = operation;
        lastArguments = arguments;
        return answers.remove();
    }

    /** Returns the inputs of the last call: their JSON, if they had binary data as well. */
    String lastInputs() {
        return new String(
                Bridge.payload(Objects.requireNonNull(lastArguments[2])).json(), UTF_8);
    }
}
