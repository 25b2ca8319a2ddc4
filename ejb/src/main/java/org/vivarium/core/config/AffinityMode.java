package org.vivarium.core.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a call of a session does when the worker that the session is bound to is busy. */
public enum AffinityMode {
    /** Sessions are bound to no worker. */
    NONE,
    /** It waits for AffinityWaitMillis, and then takes any worker. */
    PREFER,
    /** It waits for that worker. */
    STRICT_QUEUE,
    /** It fails at once. */
    STRICT_FAIL;

    private static final AffinityMode[] MODES = values();

    /** Returns the mode that {@code settings} ask for. */
    public static AffinityMode of(PoolSettings settings) {
        return MODES[settings.integer(PoolParameter.AFFINITY_MODE)];
    }

    /** Returns the names in the configuration, in the order of the modes. */
    static List<String> names() {
        return Arrays.stream(values())
                .map(mode -> mode.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }
}
