package org.vivarium.core.config;

/**
 * The configuration cannot be used; the message says what is wrong, in which file and line, and what to do. There is no
 * cause: the parser's own messages may quote a value that is secret.
 */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ConfigurationException(String message) {
        super(message);
    }
}
