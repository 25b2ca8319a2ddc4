package org.vivarium.api.client;

import java.lang.reflect.Type;
import java.util.Map;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.PythonException;
import org.vivarium.api.client.bridge.CallerJson;

/** Words the failures that arise on the caller's side of the bridge. */
final class Failures {
    private Failures() {}

    /** Returns the failure that the service answered with. */
    static PythonException answered(Object answer) {
        return PythonException.of(ErrorDetails.of((Map<?, ?>) answer));
    }

    static PythonException invalidInput(ErrorContext call, RuntimeException cause) {
        return failure(
                ErrorCategory.VALIDATION_ERROR,
                "InvalidInput",
                "the inputs of " + named(call) + " cannot be written as a JSON object: " + cause.getMessage(),
                call,
                cause);
    }

    static PythonException resultMismatch(ErrorContext call, Type wanted, String json, RuntimeException cause) {
        String message = "the result of " + named(call) + " cannot be read as " + wanted.getTypeName() + ": "
                + CallerJson.shortened(json);
        return failure(ErrorCategory.PROGRAM_ERROR, "ResultMismatch", message, call, cause);
    }

    static PythonException invalidOption(ErrorContext call, String problem) {
        ErrorDetails details =
                new ErrorDetails(ErrorCategory.VALIDATION_ERROR, "InvalidOption", problem, null, null, call, false);
        return PythonException.of(details);
    }

    static PythonException binaryResult(ErrorContext call, int attachments) {
        ErrorDetails details = new ErrorDetails(
                ErrorCategory.PROGRAM_ERROR,
                "ResultMismatch",
                "the result of " + named(call) + " has binary data (" + attachments
                        + "), which JSON alone cannot carry: use callRaw",
                null,
                null,
                call,
                false);
        return PythonException.of(details);
    }

    static PythonException unavailable(ErrorContext call, Throwable cause) {
        ErrorDetails details = new ErrorDetails(
                ErrorCategory.RESOURCE_ERROR,
                "ServiceUnavailable",
                "cannot call " + named(call)
                        + ": the Vivarium service is not deployed on this server, or is just being redeployed",
                null,
                null,
                call,
                true);
        return PythonException.of(details, cause);
    }

    static PythonException unexpected(ErrorContext call, Throwable cause) {
        return failure(
                ErrorCategory.SYSTEM_ERROR,
                "InternalError",
                "the service failed on the call of " + named(call) + ": " + cause,
                call,
                cause);
    }

    private static PythonException failure(
            ErrorCategory category, String type, String message, ErrorContext call, Throwable cause) {
        return PythonException.of(new ErrorDetails(category, type, message, null, null, call, false), cause);
    }

    private static String named(ErrorContext call) {
        return "program " + call.program() + " of pool " + call.pool();
    }
}
