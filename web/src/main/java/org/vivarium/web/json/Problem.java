package org.vivarium.web.json;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.operation.JsonText;

/**
 * A failure as a problem document (RFC 9457), with the members {@code category}, {@code retryable}, {@code field},
 * {@code traceback} and {@code context} of {@link ErrorDetails} in addition.
 *
 * @param status the HTTP status
 * @param type what exactly happened, such as {@code QueueFull}
 * @param detail one sentence
 * @param more further members, in this order
 */
public record Problem(int status, String type, String detail, Map<String, Object> more) {
    /** The media type. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String RETRYABLE = "retryable";

    /** Returns a problem of a request that no pool is to blame for. */
    public static Problem of(int status, String type, String detail) {
        String category = status >= 500 ? "system_error" : "validation_error";
        return new Problem(status, type, detail, Map.of("category", category));
    }

    /** Returns what went wrong with a call or an operation, with the status that {@link Statuses} has for it. */
    public static Problem of(ErrorDetails details) {
        Map<String, Object> more = details.toMap();
        String type = String.valueOf(more.remove("type"));
        String detail = String.valueOf(more.remove("message"));
        return new Problem(Statuses.of(details), type, detail, more);
    }

    /** Returns after how many seconds a client may try again; {@code null} if that is of no use or not known. */
    public @Nullable Integer retryAfterSeconds() {
        boolean later = status == 503 && Boolean.TRUE.equals(more.get(RETRYABLE));
        return later ? Statuses.retryAfterSeconds(type) : null;
    }

    /** Returns the document. */
    public byte[] json() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", type);
        document.put("title", title());
        document.put("status", status);
        document.put("detail", detail);
        document.putAll(more);
        return JsonText.bytes(document);
    }

    /** Returns the type in words: {@code QueueFull} as {@code Queue full}. */
    private String title() {
        String words = type.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
        return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
