package org.vivarium.api.client;

import java.lang.reflect.Type;
import java.util.Map;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.ErrorType;
import org.vivarium.api.PythonException;
import org.vivarium.api.client.bridge.CallerJson;

/** The messages of failures on the caller's side of the bridge. */
final class Failures {
    private Failures() {}

    /** Returns the failure that the service answered with. */
    static PythonException answered(Object answer) {
        return PythonException.of(ErrorDetails.of((Map<?, ?>) answer));
    }

    static PythonException invalidInput(ErrorContext call, RuntimeException cause) {
        return ErrorType.INVALID_INPUT.exception(
                call,
                "the inputs of " + named(call) + " cannot be written as a JSON object: " + cause.getMessage(),
                cause);
    }

    static PythonException resultMismatch(ErrorContext call, Type wanted, String json, RuntimeException cause) {
        String message = "the result of " + named(call) + " cannot be read as " + wanted.getTypeName() + ": "
                + CallerJson.shortened(json);
        return ErrorType.RESULT_MISMATCH.exception(call, message, cause);
    }

    static PythonException invalidOption(ErrorContext call, String problem) {
        return ErrorType.INVALID_OPTION.exception(call, problem);
    }

    static PythonException binaryResult(ErrorContext call, int attachments) {
        return ErrorType.RESULT_MISMATCH.exception(
                call,
                "the result of " + named(call) + " has binary data (" + attachments
                        + "), which JSON alone cannot carry: use callRaw");
    }

    static PythonException unavailable(ErrorContext call, Throwable cause) {
        return ErrorType.SERVICE_UNAVAILABLE.exception(
                call,
                "cannot call " + named(call)
                        + ": the Vivarium service is not deployed on this server, or is being redeployed",
                cause);
    }

    static PythonException unexpected(ErrorContext call, Throwable cause) {
        return ErrorType.INTERNAL_ERROR.exception(
                call, "the service failed on the call of " + named(call) + ": " + cause, cause);
    }

    private static String named(ErrorContext call) {
        return "program " + call.program() + " of pool " + call.pool();
    }
}
