package org.vivarium.api.event;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vivarium.api.CallContext;

/** Reads the values of events by the components of their records. */
final class Members {
    private Members() {}

    static Map<String, Object> of(PoolEvent event) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (RecordComponent component : event.getClass().getRecordComponents()) {
            add(members, component.getName(), value(event, component));
        }
        return members;
    }

    private static Object value(PoolEvent event, RecordComponent component) {
        try {
            return component.getAccessor().invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a public record does not tell its " + component.getName(), e);
        }
    }

    private static void add(Map<String, Object> members, String name, Object value) {
        if (value instanceof CallContext context) {
            context.toLogged().forEach((field, text) -> {
                if (!field.equals("traceparent")) { // for programs, not for logs
                    members.putIfAbsent(field, text);
                }
            });
        } else if (value != null && !(value instanceof EventType)) {
            members.put(name, value);
        }
    }
}
