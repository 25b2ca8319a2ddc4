package org.vivarium.core.config;

import com.typesafe.config.ConfigOrigin;

/**
 * Where a value was configured.
 *
 * @param place a file with its line, or a property or a variable by its name
 * @param fixed whether it is stronger than what is saved, which a property and a variable are
 */
public record Origin(String place, boolean fixed) {
    static final String PROPERTY = "system property ";
    static final String VARIABLE = "environment variable ";

    static Origin of(ConfigOrigin origin) {
        String description = origin.description();
        return new Origin(
                ConfigError.place(origin), description.startsWith(PROPERTY) || description.startsWith(VARIABLE));
    }
}
