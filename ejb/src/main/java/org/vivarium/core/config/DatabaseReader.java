package org.vivarium.core.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what is below {@code vivarium.database}; no complaint repeats a value. */
final class DatabaseReader {
    static final String GROUP = "database";
    static final String PATH = "vivarium." + GROUP;

    /** The keys, each of which a property or a variable may set. */
    static final List<String> KEYS = List.of("enabled", "url", "user", "password", "data-source");

    private DatabaseReader() {}

    /** Returns what {@code group} says, which is {@code null} if nobody says anything. */
    static DatabaseSettings read(@Nullable ConfigValue group) {
        if (group == null || group.valueType() == ConfigValueType.NULL) {
            return DatabaseSettings.STANDARD;
        }
        if (!(group instanceof ConfigObject members)) {
            throw ConfigError.at(group, PATH, "must be a group { … }");
        }
        members.forEach((key, value) -> {
            if (!KEYS.contains(key)) {
                throw ConfigError.at(value, PATH + '.' + key, "is not known" + Suggestion.among(KEYS, key));
            }
        });
        DatabaseSettings settings = new DatabaseSettings(
                enabled(members.get("enabled")),
                text(members, "url"),
                text(members, "user"),
                text(members, "password"),
                text(members, "data-source"));
        if (!settings.url().isEmpty() && !settings.dataSource().isEmpty()) {
            throw ConfigError.at(group, PATH, "must have url or data-source, but has both");
        }
        return settings;
    }

    private static boolean enabled(@Nullable ConfigValue value) {
        if (value == null || value.valueType() == ConfigValueType.NULL) {
            return true;
        }
        return switch (String.valueOf(value.unwrapped())) {
            case "true" -> true;
            case "false" -> false;
            default -> throw ConfigError.at(value, PATH + ".enabled", "must be true or false");
        };
    }

    private static String text(ConfigObject members, String key) {
        ConfigValue value = members.get(key);
        if (value == null || value.valueType() == ConfigValueType.NULL) {
            return "";
        }
        if (value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST) {
            throw ConfigError.at(value, PATH + '.' + key, "must be text");
        }
        return String.valueOf(value.unwrapped()).strip();
    }
}
