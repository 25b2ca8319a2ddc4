package org.vivarium.core.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.event.EventFilter;

/** Reads what is below {@code vivarium.telemetry}. */
final class TelemetryReader {
    static final String PATH = "vivarium.telemetry";
    static final String EVENTS = "events";

    private TelemetryReader() {}

    /** Returns what {@code group} says, which is {@code null} if nobody says anything. */
    static TelemetrySettings read(@Nullable ConfigValue group) {
        if (group == null || group.valueType() == ConfigValueType.NULL) {
            return TelemetrySettings.DEFAULT;
        }
        if (!(group instanceof ConfigObject settings)) {
            throw Mistake.at(group, PATH, "must be a group { … }, was " + Mistake.quoted(group));
        }
        settings.forEach((key, value) -> {
            if (!key.equals(EVENTS)) {
                throw Mistake.at(value, PATH + '.' + key, "is not known" + Suggestion.among(List.of(EVENTS), key));
            }
        });
        ConfigValue events = settings.get(EVENTS);
        return events == null || events.valueType() == ConfigValueType.NULL
                ? TelemetrySettings.DEFAULT
                : new TelemetrySettings(filter(events));
    }

    private static EventFilter filter(ConfigValue value) {
        String text = value instanceof ConfigList list
                ? list.stream().map(each -> String.valueOf(each.unwrapped())).collect(Collectors.joining(","))
                : String.valueOf(value.unwrapped());
        try {
            return EventFilter.parse(text);
        } catch (IllegalArgumentException e) {
            throw Mistake.at(value, PATH + '.' + EVENTS, "is no list of patterns: " + e.getMessage());
        }
    }
}
