package org.vivarium.api;

import java.util.Arrays;
import java.util.Locale;

/** The level of a Python logger, by the name that Java has for it. */
public enum LogLevel {
    TRACE(5),
    DEBUG(10),
    INFO(20),
    WARN(30),
    ERROR(40);

    private final int python;

    LogLevel(int python) {
        this.python = python;
    }

    /** Returns the number that Python has for it. */
    public int python() {
        return python;
    }

    /**
     * Returns the level of that name, in whatever case.
     *
     * @throws IllegalArgumentException if there is none; its message lists them
     */
    public static LogLevel parse(String name) {
        return Arrays.stream(values())
                .filter(level -> level.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "level must be one of %s, was %s".formatted(Arrays.toString(values()), name)));
    }
}
