package org.vivarium.api.client.bridge;

import java.util.List;
import org.vivarium.api.Payload;

/**
 * The contract between an application and the service in the same server: one {@code BiFunction<String, Object[],
 * Object>} in JNDI, through which only JDK types pass, so that both sides may have their own copy of every other class.
 *
 * <p>The function takes the name of an operation and its arguments. It throws {@link IllegalStateException} once the
 * service that bound it is gone, and only then; the caller looks it up again.
 *
 * <p>A <b>value</b> is a {@code byte[]}, JSON in UTF-8, or if it has binary data an {@code Object[]} of that and a
 * {@code List<byte[]>}, see {@link #value} and {@link #payload}. A <b>failure</b> is a {@code Map<String, Object>}, see
 * {@link org.vivarium.api.ErrorDetails#toMap()}, and stands where a value or another answer would.
 */
public final class Bridge {
    /** Where the service binds the function. */
    public static final String JNDI_NAME = "java:global/vivarium/pools";

    /**
     * Calls a program. Arguments: pool ({@code String}), program ({@code String}), inputs (a value: a JSON object, or
     * empty), timeout in ms ({@code Long}, or {@code null} for the pool's), priority ({@code Integer}), context
     * ({@code Map<String, String>}, see {@link org.vivarium.api.CallContext#toMap()}); and either nothing more or all
     * of: key ({@code String} or {@code null}), idempotent ({@code Boolean} or {@code null}), progress
     * ({@code BiConsumer<Double, String>} or {@code null}). Answers a value or a failure.
     */
    public static final String CALL = "call";

    /**
     * Like {@link #CALL}, but answers a {@code CompletableFuture<Object>} of the same; cancelling it cancels the call.
     */
    public static final String CALL_ASYNC = "callAsync";

    /**
     * Takes what {@link #CALL} takes, and answers an {@code Iterator<Object>} of values that is {@code AutoCloseable},
     * or a failure. A call that fails later has the failure as the last element.
     */
    public static final String STREAM = "stream";

    /** Takes no arguments and answers the names of all pools as {@code String[]}. */
    public static final String POOLS = "pools";

    /**
     * Takes a pool ({@code String}) and answers what {@link org.vivarium.api.PythonPool#healthCheck} does as the only
     * element of an {@code Object[]}, or a failure.
     */
    public static final String HEALTH = "health";

    /**
     * Takes a pool ({@code String}) and whether to list its workers ({@code Boolean}); answers what
     * {@link org.vivarium.api.PythonPool#getStats} does as the only element of an {@code Object[]}, or a failure.
     */
    public static final String STATS = "stats";

    /**
     * Asks for metrics. Takes a pool ({@code String}), one of the names below ({@code String}), and its arguments
     * ({@code Map<String, String>}); answers a JSON object as REST does ({@code byte[]}), or a failure.
     */
    public static final String QUERY = "query";

    /** Query for the current metrics; takes {@code window}. */
    public static final String METRICS = "metrics";

    /** Query for the history; takes {@code from} and {@code to} (instants), and {@code step} (a duration), ISO 8601. */
    public static final String RANGE = "range";

    /** Query for the metrics of one worker; takes {@code worker} and {@code window}. */
    public static final String WORKER = "worker";

    /** Query for failures by category and type; takes {@code window}. */
    public static final String ERRORS = "errors";

    /** Query for the metrics of all windows, with programs, workers and objectives; takes nothing. */
    public static final String SUMMARY = "summary";

    private Bridge() {}

    /** Returns a payload as the value that crosses. */
    public static Object value(Payload payload) {
        return payload.attachments().isEmpty() ? payload.json() : new Object[] {payload.json(), payload.attachments()};
    }

    /** Returns the payload that crossed as {@code value}. */
    @SuppressWarnings("unchecked") // the contract above
    public static Payload payload(Object value) {
        if (value instanceof byte[] json) {
            return Payload.of(json);
        }
        Object[] parts = (Object[]) value;
        return new Payload((byte[]) parts[0], (List<byte[]>) parts[1]);
    }
}
