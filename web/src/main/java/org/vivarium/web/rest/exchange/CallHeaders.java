package org.vivarium.web.rest.exchange;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.HeaderParam;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;

/** The headers of a call, as they came. */
public class CallHeaders {
    public static final String CORRELATION = "X-Correlation-Id";

    /** Makes a call run once, however often it is sent: a second one within 10 minutes gets the first answer. */
    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** What ids, sessions and keys match; they go into logs, so they are printable and bounded. */
    public static final String NAME_PATTERN = "[\\x21-\\x7e]{1,200}";

    /** The longest timeout that the header takes. */
    public static final int LONGEST_MILLIS = 999_999_999;

    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,9}");
    private static final Pattern NAME = Pattern.compile(NAME_PATTERN);

    @HeaderParam("Vivarium-Session")
    @HeaderValue("The session of the call; calls of one session take turns, and its state survives its worker.")
    private @Nullable String session;

    @HeaderParam("Vivarium-Timeout")
    @HeaderValue(
            value = "Milliseconds until the deadline, waiting included; without it, the timeout of the pool.",
            kind = HeaderValue.Kind.MILLIS)
    private @Nullable String timeoutMillis;

    @HeaderParam("Vivarium-Priority")
    @HeaderValue(value = "Calls of a higher priority leave the queue first.", kind = HeaderValue.Kind.PRIORITY)
    private @Nullable String priority;

    @HeaderParam("Vivarium-Key")
    @HeaderValue("What the call counts for under PerKeyLimit, such as a project.")
    private @Nullable String key;

    @HeaderParam("Vivarium-Idempotent")
    @HeaderValue(
            value = "Whether the program may run again after a failure; without it, what the program declares.",
            kind = HeaderValue.Kind.FLAG)
    private @Nullable String idempotent;

    @HeaderParam(CORRELATION)
    @HeaderValue("An id for logs, returned in the answer; generated if missing.")
    private @Nullable String correlationId;

    @HeaderParam(IDEMPOTENCY_KEY)
    @HeaderValue(
            "Makes the call run once, however often it is sent: a second one within 10 minutes gets the first answer.")
    private @Nullable String idempotencyKey;

    @HeaderParam("Vivarium-Project")
    @HeaderValue("The project, for logs and for the context of the program.")
    private @Nullable String project;

    @HeaderParam("Vivarium-Execution")
    @HeaderValue("The execution, likewise.")
    private @Nullable String execution;

    @HeaderParam("Vivarium-Task")
    @HeaderValue("The task, likewise.")
    private @Nullable String task;

    @HeaderParam("Vivarium-Node")
    @HeaderValue("The node, likewise.")
    private @Nullable String node;

    @HeaderParam("traceparent")
    @HeaderValue(
            value = "W3C trace context, passed on to the program; what is not valid is left out.",
            kind = HeaderValue.Kind.TEXT)
    private @Nullable String traceparent;

    @HeaderParam("tracestate")
    @HeaderValue(value = "W3C trace state, likewise.", kind = HeaderValue.Kind.TEXT)
    private @Nullable List<String> tracestate;

    @HeaderParam("baggage")
    @HeaderValue(value = "W3C baggage, likewise.", kind = HeaderValue.Kind.TEXT)
    private @Nullable List<String> baggage;

    /** For JAX-RS. */
    public CallHeaders() {}

    CallHeaders(
            @Nullable String timeoutMillis,
            @Nullable String priority,
            @Nullable String key,
            @Nullable String idempotent,
            CallContext context) {
        this.session = context.session();
        this.timeoutMillis = timeoutMillis;
        this.priority = priority;
        this.key = key;
        this.idempotent = idempotent;
        this.correlationId = context.correlationId();
        this.project = context.projectId();
        this.execution = context.executionId();
        this.task = context.taskId();
        this.node = context.node();
        this.traceparent = context.traceparent();
        this.tracestate = context.tracestate() == null ? null : List.of(context.tracestate());
        this.baggage = context.baggage() == null ? null : List.of(context.baggage());
    }

    /** Returns the headers of {@code request}. */
    public static CallHeaders of(HttpServletRequest request) {
        CallHeaders headers = new CallHeaders();
        headers.session = request.getHeader("Vivarium-Session");
        headers.timeoutMillis = request.getHeader("Vivarium-Timeout");
        headers.priority = request.getHeader("Vivarium-Priority");
        headers.key = request.getHeader("Vivarium-Key");
        headers.idempotent = request.getHeader("Vivarium-Idempotent");
        headers.correlationId = request.getHeader(CORRELATION);
        headers.project = request.getHeader("Vivarium-Project");
        headers.execution = request.getHeader("Vivarium-Execution");
        headers.task = request.getHeader("Vivarium-Task");
        headers.node = request.getHeader("Vivarium-Node");
        headers.traceparent = request.getHeader("traceparent");
        headers.tracestate = Collections.list(request.getHeaders("tracestate"));
        headers.baggage = Collections.list(request.getHeaders("baggage"));
        headers.idempotencyKey = request.getHeader(IDEMPOTENCY_KEY);
        return headers;
    }

    /**
     * Returns the idempotency key, in quotation marks or not; {@code null} for none.
     *
     * @throws IllegalArgumentException if it is not what it must be
     */
    public @Nullable String idempotencyKey() {
        String text = idempotencyKey;
        if (text != null && text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
            text = text.substring(1, text.length() - 1);
        }
        return named(IDEMPOTENCY_KEY, text);
    }

    /**
     * Returns the options that the headers ask for, with a new correlation id if they have none.
     *
     * @throws IllegalArgumentException if a header is not what it must be; the message names it
     */
    public CallOptions options() {
        Duration timeout = timeoutMillis == null ? null : Duration.ofMillis(number("Vivarium-Timeout", timeoutMillis));
        return new CallOptions(
                timeout,
                priority == null ? 0 : number("Vivarium-Priority", priority),
                named("Vivarium-Key", key),
                flag("Vivarium-Idempotent", idempotent),
                null,
                context());
    }

    private CallContext context() {
        String correlation = named(CORRELATION, correlationId);
        return new CallContext(
                named("Vivarium-Session", session),
                correlation == null ? UUID.randomUUID().toString() : correlation,
                named("Vivarium-Project", project),
                named("Vivarium-Execution", execution),
                named("Vivarium-Task", task),
                named("Vivarium-Node", node),
                traceparent, // the pool leaves out what is not valid of these, and counts it
                joined(tracestate),
                joined(baggage));
    }

    /** Several headers of one name are one list. */
    private static @Nullable String joined(@Nullable List<String> lines) {
        return lines == null || lines.isEmpty() ? null : String.join(",", lines);
    }

    /** Returns whether {@code value} can be taken for an id and sent back. */
    public static boolean isName(String value) {
        return NAME.matcher(value).matches();
    }

    private static int number(String header, String value) {
        if (!NUMBER.matcher(value.strip()).matches()) {
            throw new IllegalArgumentException(header + " must be a whole number, was \"" + value + '"');
        }
        return Integer.parseInt(value.strip());
    }

    private static @Nullable Boolean flag(String header, @Nullable String value) {
        return value == null
                ? null
                : switch (value.strip()) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw new IllegalArgumentException(header + " must be true or false, was \"" + value + '"');
                };
    }

    private static @Nullable String named(String header, @Nullable String value) {
        if (value != null && !isName(value)) {
            throw new IllegalArgumentException(header + " must be 1 to 200 printable ASCII characters without blanks");
        }
        return value;
    }
}
