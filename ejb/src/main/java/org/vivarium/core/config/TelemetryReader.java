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
    static final String MAXIMUM_BYTES = "maximum-bytes";

    private static final List<String> KNOWN = List.of(EVENTS, MAXIMUM_BYTES);
    private static final String ALLOWED_BYTES = "a size from 1 MiB to 64 GiB, with its unit, such as \"64 MiB\"";

    private TelemetryReader() {}

    /** Returns what {@code group} says, which is {@code null} if nobody says anything. */
    static TelemetrySettings read(@Nullable ConfigValue group) {
        if (group == null || group.valueType() == ConfigValueType.NULL) {
            return TelemetrySettings.DEFAULT;
        }
        if (!(group instanceof ConfigObject settings)) {
            throw ConfigError.at(group, PATH, "must be a group { … }, was " + ConfigError.quoted(group));
        }
        settings.forEach((key, value) -> {
            if (!KNOWN.contains(key)) {
                throw ConfigError.at(value, PATH + '.' + key, "is not known" + Suggestion.among(KNOWN, key));
            }
        });
        ConfigValue events = given(settings, EVENTS);
        ConfigValue bytes = given(settings, MAXIMUM_BYTES);
        return new TelemetrySettings(
                events == null ? TelemetrySettings.DEFAULT.events() : filter(events),
                bytes == null
                        ? TelemetrySettings.DEFAULT.maximumBytes()
                        : SizeReader.bytes(
                                bytes, PATH + '.' + MAXIMUM_BYTES, ALLOWED_BYTES, TelemetrySettings::checkedBytes));
    }

    private static @Nullable ConfigValue given(ConfigObject settings, String key) {
        ConfigValue value = settings.get(key);
        return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
    }

    private static EventFilter filter(ConfigValue value) {
        String text = value instanceof ConfigList list
                ? list.stream().map(each -> String.valueOf(each.unwrapped())).collect(Collectors.joining(","))
                : String.valueOf(value.unwrapped());
        try {
            return EventFilter.parse(text);
        } catch (IllegalArgumentException e) {
            throw ConfigError.at(value, PATH + '.' + EVENTS, "is not a list of patterns: " + e.getMessage());
        }
    }
}
