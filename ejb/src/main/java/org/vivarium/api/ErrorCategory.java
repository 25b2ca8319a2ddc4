package org.vivarium.api;

import java.util.Locale;

/** The kinds of failure that a caller can tell apart; the same in Java, REST, logs and metrics. */
public enum ErrorCategory {
    /** A deadline passed: while waiting for a worker, or while the program ran. */
    TIMEOUT_ERROR,
    /** Something ran out: workers, places in the line, memory. */
    RESOURCE_ERROR,
    /** A worker was lost while it had the call. */
    COMMUNICATION_ERROR,
    /** The service or its environment is at fault. */
    SYSTEM_ERROR,
    /** The program raised, or returned what cannot travel. */
    PROGRAM_ERROR,
    /** The call names what does not exist or its inputs do not fit. */
    VALIDATION_ERROR,
    /** A session cannot be used as asked. */
    SESSION_ERROR,
    /** A worker broke the protocol. */
    PROTOCOL_ERROR;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** Returns the name in JSON, logs and metrics, such as {@code timeout_error}. */
    public String code() {
        return code;
    }

    /** Returns the category whose {@link #code()} is {@code code}, or {@link #SYSTEM_ERROR} if there is none. */
    public static ErrorCategory of(String code) {
        for (ErrorCategory category : values()) {
            if (category.code.equals(code)) {
                return category;
            }
        }
        return SYSTEM_ERROR;
    }
}
