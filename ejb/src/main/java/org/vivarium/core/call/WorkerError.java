package org.vivarium.core.call;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorDescriptor;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.PythonException;
import org.vivarium.core.protocol.Json;
import org.vivarium.core.protocol.ProtocolException;

/** The body of an ERROR frame, as an exception of the call that it answers. */
final class WorkerError {
    private WorkerError() {}

    static PythonException of(byte[] body, Call call, long now) throws ProtocolException {
        Map<String, Object> error = Json.readObject(body);
        ErrorCategory category = ErrorCategory.of(String.valueOf(error.get("category")));
        String type = String.valueOf(error.get("type"));
        if (Boolean.TRUE.equals(error.get("fault"))) {
            call.faulted();
        }
        return PythonException.of(new ErrorDetails(
                category,
                type,
                String.valueOf(error.get("message")),
                text(error, "traceback"),
                text(error, "field"),
                call.context(now),
                ErrorDescriptor.of(category, type).retry().mayHelp()));
    }

    private static @Nullable String text(Map<String, Object> map, String name) {
        return map.get(name) instanceof String text ? text : null;
    }
}
