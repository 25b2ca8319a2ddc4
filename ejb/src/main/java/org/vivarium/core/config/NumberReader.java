package org.vivarium.core.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Reads the number of a parameter: counts as they are, times and sizes only with their unit, choices by name. */
final class NumberReader {
    private static final Pattern WITH_UNIT = Pattern.compile("-?[\\d.]+\\s*[A-Za-z]+");
    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
    private static final long BYTES_PER_MEBIBYTE = 1_048_576;
    private static final long NOT_WHOLE = -1;

    private NumberReader() {}

    /**
     * Returns {@code value} in the unit of {@code parameter}.
     *
     * @throws ConfigurationException if it is no such number, or out of range
     */
    static long read(Parameter parameter, String path, ConfigValue value) {
        String text = String.valueOf(value.unwrapped()).strip();
        if (parameter.allowed().isChoice()) {
            return chosen(parameter, path, value, text);
        }
        boolean scalar = isScalar(parameter.unit(), value.valueType());
        long number = scalar ? number(parameter.unit(), value, text) : NOT_WHOLE;
        boolean readable = scalar && (number != NOT_WHOLE || text.equals("-1"));
        if (!readable || !parameter.allowed().contains(number)) {
            throw ConfigError.at(value, path, "must be " + wanted(parameter) + ", was " + ConfigError.quoted(value));
        }
        return number;
    }

    private static long chosen(Parameter parameter, String path, ConfigValue value, String text) {
        Long number = value.valueType() == ConfigValueType.STRING
                ? parameter.allowed().chosen(text)
                : null;
        if (number == null) {
            throw ConfigError.at(value, path, "must be " + wanted(parameter) + ", was " + ConfigError.quoted(value));
        }
        return number;
    }

    private static boolean isScalar(ParameterUnit unit, ConfigValueType type) {
        return type == ConfigValueType.STRING
                || type == ConfigValueType.NUMBER
                || (unit == ParameterUnit.SWITCH && type == ConfigValueType.BOOLEAN);
    }

    private static long number(ParameterUnit unit, ConfigValue value, String text) {
        if (unit == ParameterUnit.SWITCH) {
            return switch (text) {
                case "true", "1" -> 1;
                case "false", "0" -> 0;
                default -> NOT_WHOLE;
            };
        }
        boolean needsUnit = unit.isTime() || unit == ParameterUnit.MEBIBYTES;
        if (!(needsUnit ? WITH_UNIT : WHOLE).matcher(text).matches()) {
            return NOT_WHOLE;
        }
        return needsUnit ? measured(unit, value) : Long.parseLong(text);
    }

    private static long measured(ParameterUnit unit, ConfigValue value) {
        try {
            if (unit.isTime()) {
                return unit.fromNanos(value.atKey("it").getDuration("it", TimeUnit.NANOSECONDS));
            }
            long bytes = value.atKey("it").getBytes("it");
            return bytes % BYTES_PER_MEBIBYTE == 0 ? bytes / BYTES_PER_MEBIBYTE : NOT_WHOLE;
        } catch (ConfigException e) { // an unknown unit: the complaint names those that are known
            return NOT_WHOLE;
        }
    }

    private static String wanted(Parameter parameter) {
        String range = (parameter.followsHost() ? HostSize.AUTO + ", or " : "") + parameter.allowed();
        if (parameter.unit().isTime()) {
            return range + ", with its unit (us, ms, s, m, h), such as \"30 s\"";
        }
        return parameter.unit() == ParameterUnit.MEBIBYTES ? range + ", with its unit, such as \"64 MiB\"" : range;
    }
}
