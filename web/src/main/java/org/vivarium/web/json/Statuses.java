package org.vivarium.web.json;

import static java.util.Map.entry;

import java.util.Map;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorDetails;

/** Which HTTP status a failure has: first by its type, else by its category. */
public final class Statuses {
    private static final int CLIENT_AT_FAULT = 422;
    private static final int LATER = 503;

    private static final Map<String, Integer> BY_TYPE = Map.ofEntries(
            entry("UnknownPool", 404),
            entry("UnknownProgram", 404),
            entry("UnknownWorker", 404),
            entry("UnknownSession", 404),
            entry("UnknownCall", 404),
            entry("RolloutRunning", 409),
            entry("InputsTooLarge", 413),
            entry("Cancelled", LATER),
            entry("CheckoutTimeout", LATER),
            entry("KeyBusy", LATER),
            entry("ResultTooLarge", 500),
            entry("MemoryError", 500),
            entry("MemoryLimitExceeded", 500),
            entry("CpuLimitExceeded", 500));

    private Statuses() {}

    /** Returns the status of {@code details}. */
    public static int of(ErrorDetails details) {
        Integer known = BY_TYPE.get(details.type());
        boolean raised = details.category() == ErrorCategory.PROGRAM_ERROR; // its type is whatever the program chose
        return known != null && !raised ? known : byCategory(details);
    }

    private static int byCategory(ErrorDetails details) {
        return switch (details.category()) {
            case VALIDATION_ERROR -> CLIENT_AT_FAULT;
            case TIMEOUT_ERROR -> 504;
            case RESOURCE_ERROR -> LATER;
            case COMMUNICATION_ERROR, PROTOCOL_ERROR -> 502;
            case SESSION_ERROR -> 409;
            case PROGRAM_ERROR, SYSTEM_ERROR -> 500;
        };
    }

    /** Returns after how many seconds it makes sense to try again what failed with {@code type} and status 503. */
    static int retryAfterSeconds(String type) {
        return switch (type) {
            case "QueueFull", "CheckoutTimeout", "KeyBusy" -> 1; // a worker comes free any moment
            default -> 5; // somebody has to start or resume something
        };
    }
}
