package org.vivarium.web.rest.exchange;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Has what is logged for a request carry its correlation id. */
public final class Correlated {
    private static final String FIELD = "correlation_id";

    private Correlated() {}

    /** Returns what {@code work} returns; {@code null} or what is no id for no correlation. */
    public static <T> T during(@Nullable String correlation, Supplier<T> work) {
        if (correlation == null || !CallHeaders.isName(correlation)) {
            return work.get();
        }
        String before = MDC.get(FIELD);
        MDC.put(FIELD, correlation);
        try {
            return work.get();
        } finally {
            if (before == null) {
                MDC.remove(FIELD);
            } else {
                MDC.put(FIELD, before);
            }
        }
    }
}
