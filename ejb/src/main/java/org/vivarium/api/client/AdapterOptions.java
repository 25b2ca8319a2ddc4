package org.vivarium.api.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.PythonException;

/** The options of an adapter operation, which come as a map. */
final class AdapterOptions {
    static final String POOL_NAME = "pool_name";
    static final String WORKERS = "workers";

    private static final String TIMEOUT = "timeout_millis";
    private static final String PRIORITY = "priority";
    private static final String IDEMPOTENT = "idempotent";
    private static final String KEY = "key";
    private static final String SESSION = "session_id";

    /** Of {@code executeProgram}. */
    static final List<String> OF_CALL = List.of(
            POOL_NAME,
            TIMEOUT,
            PRIORITY,
            IDEMPOTENT,
            KEY,
            SESSION,
            "correlation_id",
            "project_id",
            "execution_id",
            "task_id",
            "node",
            "traceparent",
            "tracestate",
            "baggage");

    /** Of {@code healthCheck}. */
    static final List<String> OF_HEALTH = List.of(POOL_NAME);

    /** Of {@code getStats}. */
    static final List<String> OF_STATS = List.of(POOL_NAME, WORKERS);

    private final Map<String, ?> given;
    private final ErrorContext at;

    /**
     * Takes the options.
     *
     * @throws PythonException of type {@code InvalidOption} if one is not {@code known}
     */
    AdapterOptions(Map<String, ?> given, List<String> known, ErrorContext at) {
        this.given = given;
        this.at = at;
        given.keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw invalid(
                            "there is no option '" + name + "'; there are: " + String.join(", ", new TreeSet<>(known)));
                });
    }

    /** Returns the pool that is meant. */
    String pool(String otherwise) {
        String named = text(POOL_NAME);
        return named == null ? otherwise : named;
    }

    /** Returns a boolean, {@code null} if it is not given. */
    @Nullable Boolean flag(String name) {
        return of(Boolean.class, name, "true or false");
    }

    /** Returns the options of a call. */
    CallOptions call() {
        Map<String, String> context = new HashMap<>();
        for (String name : OF_CALL.subList(OF_CALL.indexOf(SESSION) + 1, OF_CALL.size())) {
            put(context, name, text(name));
        }
        put(context, "session", text(SESSION));
        Long timeout = whole(TIMEOUT);
        Long priority = whole(PRIORITY);
        try {
            return new CallOptions(
                    timeout == null ? null : Duration.ofMillis(timeout),
                    priority == null ? 0 : Math.toIntExact(priority),
                    text(KEY),
                    flag(IDEMPOTENT),
                    null,
                    CallContext.of(context));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static void put(Map<String, String> context, String name, @Nullable String value) {
        if (value != null) {
            context.put(name, value);
        }
    }

    private @Nullable String text(String name) {
        return of(String.class, name, "text");
    }

    private @Nullable Long whole(String name) {
        Number number = of(Number.class, name, "a whole number");
        if (number != null && number.doubleValue() != number.longValue()) {
            throw invalid("option '" + name + "' must be a whole number, was " + number);
        }
        return number == null ? null : number.longValue();
    }

    private <V> @Nullable V of(Class<V> type, String name, String allowed) {
        Object value = given.get(name);
        if (value != null && !type.isInstance(value)) {
            throw invalid("option '" + name + "' must be " + allowed + ", was " + value);
        }
        return type.cast(value);
    }

    private PythonException invalid(String problem) {
        return Failures.invalidOption(at, problem);
    }
}
