package org.vivarium.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What identifies a call everywhere: in Java's and Python's logs, in telemetry and in {@code vivarium_worker.context}.
 *
 * @param session the conversation that the call belongs to
 * @param correlationId the caller's own id of the request
 * @param projectId the project on whose behalf the call is made
 * @param executionId the run of a workflow
 * @param taskId the task within that run
 * @param node the machine or the step that asked
 * @param traceparent W3C trace context: the caller's place in a distributed trace. Like the two that follow, it is left
 *     out and counted if it is not valid, and reaches the program as that of the call's own span if the server makes
 *     one
 * @param tracestate what tracing systems have added to it; nothing without it
 * @param baggage W3C baggage: what travels with the trace for everybody's use
 */
public record CallContext(
        @Nullable String session,
        @Nullable String correlationId,
        @Nullable String projectId,
        @Nullable String executionId,
        @Nullable String taskId,
        @Nullable String node,
        @Nullable String traceparent,
        @Nullable String tracestate,
        @Nullable String baggage) {
    /** Nothing known about the call; costs nothing on the way to the worker. */
    public static final CallContext NONE = new CallContext(null, null, null, null, null, null, null);

    /** A context without {@code tracestate} and {@code baggage}. */
    public CallContext(
            @Nullable String session,
            @Nullable String correlationId,
            @Nullable String projectId,
            @Nullable String executionId,
            @Nullable String taskId,
            @Nullable String node,
            @Nullable String traceparent) {
        this(session, correlationId, projectId, executionId, taskId, node, traceparent, null, null);
    }

    /** Returns a context with only a correlation id. */
    public static CallContext correlated(String correlationId) {
        return new CallContext(null, correlationId, null, null, null, null, null);
    }

    /** Returns this context with another session. */
    public CallContext withSession(String session) {
        return new CallContext(
                session, correlationId, projectId, executionId, taskId, node, traceparent, tracestate, baggage);
    }

    /** Returns this context with another trace. */
    public CallContext withTrace(@Nullable String parent, @Nullable String state, @Nullable String luggage) {
        return new CallContext(session, correlationId, projectId, executionId, taskId, node, parent, state, luggage);
    }

    /** Returns the fields that are set, under their names in the protocol, in the order of the components. */
    public Map<String, String> toMap() {
        Map<String, String> fields = new LinkedHashMap<>();
        putIds(fields);
        put(fields, "tracestate", tracestate);
        put(fields, "baggage", baggage);
        return fields;
    }

    private void putIds(Map<String, String> fields) {
        put(fields, "session", session);
        put(fields, "correlation_id", correlationId);
        put(fields, "project_id", projectId);
        put(fields, "execution_id", executionId);
        put(fields, "task_id", taskId);
        put(fields, "node", node);
        put(fields, "traceparent", traceparent);
    }

    /** Returns the fields that log lines carry: all that are set, except for what only programs can use. */
    public Map<String, String> toLogged() {
        Map<String, String> fields = new LinkedHashMap<>();
        putIds(fields);
        return fields;
    }

    /** Returns the context whose {@link #toMap()} holds {@code fields}; names that are not known are ignored. */
    public static CallContext of(Map<String, String> fields) {
        return fields.isEmpty()
                ? NONE
                : new CallContext(
                        fields.get("session"),
                        fields.get("correlation_id"),
                        fields.get("project_id"),
                        fields.get("execution_id"),
                        fields.get("task_id"),
                        fields.get("node"),
                        fields.get("traceparent"),
                        fields.get("tracestate"),
                        fields.get("baggage"));
    }

    private static void put(Map<String, String> fields, String name, @Nullable String value) {
        if (value != null) {
            fields.put(name, value);
        }
    }
}
