package org.vivarium.core.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;

/**
 * Tells who changed what: one line for each change that somebody asked for, at level {@code INFO} of the logger
 * {@value #LOGGER}. Only {@code ChangeRecorder} calls it, so that no change leaves a line without a record. Thread
 * safe.
 */
public final class Audit {
    /** The name of the logger, which logins use as well. */
    public static final String LOGGER = "vivarium.audit";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private Audit() {}

    /**
     * Logs {@code action=… actor=… door=… pool=… name=value …}.
     *
     * @param pool what was changed, or {@code null} if it was the whole service
     * @param details names and values in turn, such as {@code "from", 2, "to", 4}; never a secret
     */
    public static void log(String action, Actor actor, @Nullable String pool, Object... details) {
        LogLine line =
                new LogLine().add("action", action).add("actor", actor.name()).add("door", actor.origin());
        if (pool != null) {
            line.add("pool", pool);
        }
        for (int i = 0; i < details.length; i += 2) {
            line.add(String.valueOf(details[i]), details[i + 1]);
        }
        LogFields.of(pool, null, null, CallContext.NONE).during(() -> LOG.info(line.toString()));
    }
}
