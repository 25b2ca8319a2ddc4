package org.vivarium.core.config;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;

/** Words the complaints of the reader: where, what, and what is allowed. */
final class ConfigError {
    private static final int LONGEST_VALUE = 60;

    private ConfigError() {}

    /** Returns the complaint about {@code path}, which {@code value} was given for. */
    static ConfigurationException at(ConfigValue value, String path, String complaint) {
        return new ConfigurationException(place(value.origin()) + ": " + path + ' ' + complaint);
    }

    /** Returns a file and its line, or a property or variable by its name. */
    static String place(ConfigOrigin origin) {
        boolean fileWithLine = origin.filename() != null && origin.lineNumber() > 0;
        return fileWithLine
                ? origin.filename() + ':' + origin.lineNumber()
                : origin.description().replace(": ", ":");
    }

    /** Returns {@code value} as it was written, in quotes and shortened. */
    static String quoted(ConfigValue value) {
        String text = String.valueOf(value.unwrapped());
        return '"' + (text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + '…' : text) + '"';
    }
}
