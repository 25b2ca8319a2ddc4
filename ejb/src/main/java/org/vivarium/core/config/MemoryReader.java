package org.vivarium.core.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what is below {@code vivarium.memory}. */
final class MemoryReader {
    static final String PATH = "vivarium.memory";
    static final String REQUESTS = "requests";
    static final String RESULTS = "results";

    private static final List<String> KNOWN = List.of(REQUESTS, RESULTS);
    private static final String AUTO = "auto";
    private static final String ALLOWED = "auto, or a size from 1 MiB to 64 GiB, with its unit, such as \"256 MiB\"";

    private MemoryReader() {}

    /** Returns what {@code group} says, which is {@code null} if nobody says anything. */
    static MemorySettings read(@Nullable ConfigValue group) {
        if (group == null || group.valueType() == ConfigValueType.NULL) {
            return new MemorySettings(MemorySettings.auto(), MemorySettings.auto());
        }
        if (!(group instanceof ConfigObject settings)) {
            throw ConfigError.at(group, PATH, "must be a group { … }, was " + ConfigError.quoted(group));
        }
        settings.forEach((key, value) -> {
            if (!KNOWN.contains(key)) {
                throw ConfigError.at(value, PATH + '.' + key, "is not known" + Suggestion.among(KNOWN, key));
            }
        });
        return new MemorySettings(bytes(settings, REQUESTS), bytes(settings, RESULTS));
    }

    private static long bytes(ConfigObject settings, String key) {
        ConfigValue value = settings.get(key);
        if (value == null || value.valueType() == ConfigValueType.NULL || AUTO.equals(value.unwrapped())) {
            return MemorySettings.auto();
        }
        return SizeReader.bytes(value, PATH + '.' + key, ALLOWED, MemorySettings::checkedBytes);
    }
}
