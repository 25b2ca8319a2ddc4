package org.vivarium.web.rest.openapi;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vivarium.web.rest.exchange.CallHeaders;

/** The headers of answers. */
final class AnswerHeaders {
    private static final String RETRY_AFTER = "Retry-After";
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    /** Their descriptions, by name. */
    static final Map<String, Object> COMPONENTS = Map.of(
            CallHeaders.CORRELATION,
            Map.of(
                    "description",
                    "The id of the call for logs: that of the request, or a new one.",
                    "schema",
                    Map.of("type", "string")),
            RETRY_AFTER,
            Map.of(
                    "description",
                    "After how many seconds the request may succeed; missing where that is not known.",
                    "schema",
                    Map.of("type", "integer", "format", "int32", "minimum", 0)));

    private AnswerHeaders() {}

    /** Returns the headers that an answer with {@code status} may have; {@code call} if a program was called. */
    static Map<String, Object> of(int status, boolean call) {
        Map<String, Object> headers = new LinkedHashMap<>();
        if (call) {
            headers.put(CallHeaders.CORRELATION, reference(CallHeaders.CORRELATION));
        }
        if (status == TOO_MANY_REQUESTS || status == UNAVAILABLE) {
            headers.put(RETRY_AFTER, reference(RETRY_AFTER));
        }
        return headers;
    }

    private static Object reference(String name) {
        return Map.of("$ref", "#/components/headers/" + name);
    }
}
