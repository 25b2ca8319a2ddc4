package org.vivarium.core.telemetry;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import org.vivarium.api.event.EventReporter;
import org.vivarium.api.event.PoolEvent;

/**
 * Writes each event as one line of names and values to the logger {@code vivarium.events}, at the level of its kind.
 */
public final class LogReporter implements EventReporter {
    /** The name of the logger. */
    public static final String LOGGER = "vivarium.events";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    /** Returns whether the logger takes {@code event}, so that others need not travel to it. */
    public boolean takes(PoolEvent event) {
        return LOG.isEnabledForLevel(level(event));
    }

    @Override
    public void report(Instant time, PoolEvent event) {
        try {
            event.context().toMap().forEach(MDC::put);
            put("pool", event.pool());
            put("worker", event.worker());
            LOG.atLevel(level(event)).log(line(time, event));
        } finally {
            MDC.clear(); // the thread is ours
        }
    }

    private static void put(String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            MDC.put(name, value);
        }
    }

    @Override
    public String name() {
        return "log";
    }

    private static Level level(PoolEvent event) {
        return Level.valueOf(
                event.type().level() == System.Logger.Level.WARNING
                        ? "WARN"
                        : event.type().level().name());
    }

    /** Returns {@code event=name time=… name=value …}; what is no plain word stands in quotes. */
    static String line(Instant time, PoolEvent event) {
        StringBuilder line = new StringBuilder("event=").append(event.name());
        line.append(" time=").append(time);
        for (Map.Entry<String, Object> member : event.members().entrySet()) {
            line.append(' ').append(member.getKey()).append('=');
            appendValue(line, String.valueOf(member.getValue()));
        }
        return line.toString();
    }

    private static void appendValue(StringBuilder line, String value) {
        if (value.matches("[\\w.:/+-]+")) {
            line.append(value);
            return;
        }
        line.append('"');
        value.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                line.append('\\').appendCodePoint(c);
            } else if (Character.isISOControl(c)) {
                line.append("\\x%02x".formatted(c)); // nobody forges a line or steers a terminal
            } else {
                line.appendCodePoint(c);
            }
        });
        line.append('"');
    }
}
