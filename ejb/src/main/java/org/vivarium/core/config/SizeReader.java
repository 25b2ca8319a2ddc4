package org.vivarium.core.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import java.util.function.LongUnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads sizes that have their unit, such as {@code 64 MiB}. */
final class SizeReader {
    private static final Pattern SIZE = Pattern.compile("[\\d.]+\\s*[A-Za-z]+");

    private SizeReader() {}

    /**
     * Returns the size in bytes that {@code value} says.
     *
     * @param checked returns its argument, or throws an {@link IllegalArgumentException} if it is not allowed
     * @param allowed what is allowed, after "must be"
     */
    static long bytes(ConfigValue value, String path, String allowed, LongUnaryOperator checked) {
        try {
            if (SIZE.matcher(String.valueOf(value.unwrapped()).strip()).matches()) {
                return checked.applyAsLong(value.atKey("it").getBytes("it"));
            }
        } catch (ConfigException | IllegalArgumentException e) {
            throw notBytes(value, path, allowed, e);
        }
        throw notBytes(value, path, allowed, null);
    }

    private static ConfigurationException notBytes(
            ConfigValue value, String path, String allowed, @Nullable Exception cause) {
        ConfigurationException mistake =
                ConfigError.at(value, path, "must be " + allowed + ", was " + ConfigError.quoted(value));
        if (cause != null) {
            mistake.initCause(cause);
        }
        return mistake;
    }
}
