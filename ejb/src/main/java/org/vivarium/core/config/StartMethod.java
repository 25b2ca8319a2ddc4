package org.vivarium.core.config;

import java.util.Locale;

/** How a worker process comes into being. */
public enum StartMethod {
    /** Forked from a process that has imported everything already. */
    FORKSERVER,
    /** A fresh interpreter, for libraries that do not survive a fork. */
    SPAWN;

    /** Returns the name in the configuration, such as {@code forkserver}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
