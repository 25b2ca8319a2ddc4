package org.vivarium.core.config;

import org.jspecify.annotations.Nullable;

/** The configuration cannot be used; the message says what is wrong, in which file and line, and what to do. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ConfigurationException(String message) {
        super(message);
    }

    ConfigurationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
