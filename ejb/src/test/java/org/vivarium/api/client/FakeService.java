package org.vivarium.api.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiFunction;

/** A service that answers what it was told to, and remembers what it was asked. */
final class FakeService implements BiFunction<String, Object[], Object> {
    final Deque<Object> answers = new ArrayDeque<>();
    boolean stopped;
    int calls;
    String lastOperation = "";
    Object[] lastArguments = {};

    @Override
    public Object apply(String operation, Object[] arguments) {
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
        return new String(Bridge.payload(lastArguments[2]).json(), UTF_8);
    }
}
