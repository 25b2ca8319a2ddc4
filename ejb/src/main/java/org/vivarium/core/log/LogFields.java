package org.vivarium.core.log;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.vivarium.api.CallContext;

/**
 * What every line says that is logged for a call, a worker or a pool: fields of SLF4J's MDC under the names of events.
 *
 * <p>They are there only while something runs that logs, so a call of which nothing is logged pays nothing. Their
 * values are on one line and bounded, whatever the caller has given. Immutable.
 */
public final class LogFields {
    private final Map<String, String> fields = new HashMap<>();

    private LogFields() {}

    /** Names what is known of who is concerned; {@code null} or nothing for what is not. */
    public static LogFields of(
            @Nullable String pool, @Nullable String worker, @Nullable String program, CallContext context) {
        LogFields all = new LogFields();
        context.toLogged().forEach(all::put);
        all.put("pool", pool);
        all.put("worker", worker);
        all.put("program", program);
        return all;
    }

    private void put(String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            fields.put(name, LogText.field(value));
        }
    }

    /** Runs {@code work}, whose lines carry these fields besides those that they had before. */
    public void during(Runnable work) {
        during(() -> {
            work.run();
            return this;
        });
    }

    /** Likewise, and returns what {@code work} returns. */
    public <T> T during(Supplier<T> work) {
        Map<String, String> before = MDC.getCopyOfContextMap();
        fields.forEach(MDC::put);
        try {
            return work.get();
        } finally {
            restore(before);
        }
    }

    /** Returns {@code task} as one whose lines carry the fields of this moment, on whatever thread it runs. */
    public static Runnable carriedTo(Runnable task) {
        Map<String, String> now = MDC.getCopyOfContextMap();
        if (now == null || now.isEmpty()) {
            return task;
        }
        return () -> {
            Map<String, String> before = MDC.getCopyOfContextMap();
            MDC.setContextMap(now);
            try {
                task.run();
            } finally {
                restore(before);
            }
        };
    }

    private static void restore(@Nullable Map<String, String> before) {
        if (before == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(before);
        }
    }
}
