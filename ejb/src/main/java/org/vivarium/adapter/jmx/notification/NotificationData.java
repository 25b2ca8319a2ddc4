package org.vivarium.adapter.jmx.notification;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.PoolEvent;

/**
 * What the notification of an event carries: its members but the pool, which the source names, as text, numbers and
 * booleans that every client knows. Nanoseconds are milliseconds there; what is not known is empty, or NaN.
 */
final class NotificationData {
    private static final String POOL = "pool";
    private static final double NANOS_PER_MILLI = 1e6;

    private NotificationData() {}

    /** Returns the names of what events of {@code type} carry. */
    static List<String> names(EventType type) {
        return type.members().stream()
                .filter(member -> !member.equals(POOL))
                .map(NotificationData::name)
                .toList();
    }

    private static String name(String member) {
        return member.replace("nanos", "millis").replace("Nanos", "Millis");
    }

    /** Returns what {@code event} carries; serializable. */
    static Map<String, Object> of(PoolEvent event) {
        Map<String, Object> known = event.members();
        Map<String, Object> data = new HashMap<>();
        components(event)
                .filter(component -> component.getType() != EventType.class
                        && !component.getName().equals(POOL))
                .forEach(component ->
                        data.put(name(component.getName()), plain(component, known.get(component.getName()))));
        return data;
    }

    private static Stream<RecordComponent> components(PoolEvent event) {
        return Arrays.stream(event.getClass().getRecordComponents());
    }

    private static Object plain(RecordComponent component, @Nullable Object value) {
        if (value == null) {
            return component.getType() == Double.class ? (Object) Double.NaN : "";
        } else if (value instanceof Enum<?> constant) {
            return constant.name();
        } else if (value instanceof Long nanos && !component.getName().equals(name(component.getName()))) {
            return nanos / NANOS_PER_MILLI;
        }
        return value;
    }
}
