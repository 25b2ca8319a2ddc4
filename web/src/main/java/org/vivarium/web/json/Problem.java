package org.vivarium.web.json;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorDescriptor;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.ErrorType;
import org.vivarium.api.operation.JsonText;

/**
 * A failure as a problem document (RFC 9457), with the members {@code category}, {@code retryable}, {@code field},
 * {@code traceback} and {@code context} of {@link ErrorDetails} in addition. What its type means is written in
 * {@link ErrorType}.
 *
 * @param status the HTTP status
 * @param type what exactly happened, such as {@code QueueFull}
 * @param detail one sentence
 * @param retryAfterSeconds after how many seconds a client may try again; {@code null} if that is of no use or not
 *     known
 * @param more further members, in this order
 */
public record Problem(
        int status, String type, String detail, @Nullable Integer retryAfterSeconds, Map<String, Object> more) {
    /** The media type. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String CATEGORY = "category";
    private static final int UNAVAILABLE = 503;
    private static final int SERVER_AT_FAULT = 500;

    /** Returns a problem of a request that no pool is to blame for. */
    public static Problem of(ErrorType type, String detail) {
        return of(type.status(), type, type.category(), detail);
    }

    /** Returns what the server itself says about a request: all that is known is its status. */
    public static Problem of(int status, String detail) {
        ErrorCategory category =
                status >= SERVER_AT_FAULT ? ErrorCategory.SYSTEM_ERROR : ErrorType.REQUEST_FAILED.category();
        return of(status, ErrorType.REQUEST_FAILED, category, detail);
    }

    private static Problem of(int status, ErrorType type, ErrorCategory category, String detail) {
        Integer later =
                status == UNAVAILABLE && type.retry().mayHelp() ? type.retry().afterSeconds() : null;
        return new Problem(status, type.code(), detail, later, Map.of(CATEGORY, category.code()));
    }

    /** Returns what went wrong with a call or an operation. */
    public static Problem of(ErrorDetails details) {
        ErrorDescriptor descriptor = details.descriptor();
        Map<String, Object> more = details.toMap();
        String type = String.valueOf(more.remove("type"));
        String detail = String.valueOf(more.remove("message"));
        boolean later = descriptor.status() == UNAVAILABLE
                && details.retryable()
                && descriptor.retry().mayHelp();
        return new Problem(
                descriptor.status(), type, detail, later ? descriptor.retry().afterSeconds() : null, more);
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
