package org.vivarium.core.log;

import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
        LogFields.of(event.pool(), event.worker(), event.program(), event.context())
                .during(() -> LOG.atLevel(level(event)).log(line(time, event)));
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

    /** Returns {@code event=name time=… name=value …}; values that are not plain words are quoted. */
    static String line(Instant time, PoolEvent event) {
        LogLine line = new LogLine().add("event", event.name()).add("time", time);
        event.members().forEach(line::add);
        return line.toString();
    }
}
