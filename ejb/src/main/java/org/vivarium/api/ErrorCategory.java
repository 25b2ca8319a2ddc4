package org.vivarium.api;

import static org.vivarium.api.ErrorDescriptor.Blame.CALLER;
import static org.vivarium.api.ErrorDescriptor.Blame.EITHER;
import static org.vivarium.api.ErrorDescriptor.Blame.NEITHER;
import static org.vivarium.api.ErrorDescriptor.Blame.PROGRAM;
import static org.vivarium.api.ErrorDescriptor.Blame.SERVICE;
import static org.vivarium.api.ErrorDescriptor.Retry.LATER;
import static org.vivarium.api.ErrorDescriptor.Retry.NEVER;

import java.util.Locale;

/**
 * The kinds of failure that a caller can tell apart; the same in Java, REST, logs and metrics. What a category says of
 * itself holds for all of its failures but those of an {@link ErrorType}.
 */
public enum ErrorCategory implements ErrorDescriptor {
    /** A deadline passed. */
    TIMEOUT_ERROR(504, NEVER, NEITHER, "A deadline passed: while waiting for a worker, or while the program ran."),
    /** Something ran out. */
    RESOURCE_ERROR(503, LATER, PROGRAM, "Something ran out: workers, places in the queue, memory."),
    /** A worker was lost. */
    COMMUNICATION_ERROR(502, LATER, EITHER, "A worker was lost while it had the call."),
    /** Ours. */
    SYSTEM_ERROR(500, NEVER, SERVICE, "The service or its environment is at fault."),
    /** The program's. */
    PROGRAM_ERROR(500, NEVER, PROGRAM, "The program raised, or returned a value that cannot be sent."),
    /** The caller's. */
    VALIDATION_ERROR(422, NEVER, CALLER, "The call names something that does not exist, or its inputs are invalid."),
    /** Of a session. */
    SESSION_ERROR(409, NEVER, NEITHER, "A session cannot be used as asked."),
    /** Of the protocol. */
    PROTOCOL_ERROR(502, LATER, EITHER, "A worker broke the protocol.");

    private final String code = name().toLowerCase(Locale.ROOT);
    private final int status;
    private final Retry retry;
    private final Blame blame;
    private final String description;

    ErrorCategory(int status, Retry retry, Blame blame, String description) {
        this.status = status;
        this.retry = retry;
        this.blame = blame;
        this.description = description;
    }

    /** Returns the name in JSON, logs and metrics, such as {@code timeout_error}. */
    @Override
    public String code() {
        return code;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Retry retry() {
        return retry;
    }

    @Override
    public Blame blame() {
        return blame;
    }

    @Override
    public String description() {
        return description;
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
