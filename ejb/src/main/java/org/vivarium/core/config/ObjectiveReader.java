package org.vivarium.core.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the {@code objectives} of one pool. */
final class ObjectiveReader {
    static final String GROUP = "objectives";
    static final int MOST = 64;

    private static final Pattern TIME = Pattern.compile("[\\d.]+\\s*[A-Za-z]+");
    private static final Pattern NUMBER = Pattern.compile("\\d*\\.?\\d+");
    private static final double NANOS_PER_MILLI = 1e6;

    private final String path;

    ObjectiveReader(String prefix) {
        this.path = prefix + GROUP;
    }

    /** Returns what {@code group} says, by name; it is {@code null} if nobody says anything. */
    List<Objective> read(@Nullable ConfigValue group) {
        if (group == null) {
            return List.of();
        }
        if (!(group instanceof ConfigObject entries)) {
            throw ConfigError.at(group, path, "must be a group { … }, was " + ConfigError.quoted(group));
        }
        List<Objective> objectives = new ArrayList<>();
        new TreeMap<>(entries).forEach((name, value) -> {
            if (value.valueType() != ConfigValueType.NULL) { // "= null" takes one out
                objectives.add(objective(name, value));
            }
        });
        if (objectives.size() > MOST) {
            throw ConfigError.at(group, path, "must be at most " + MOST + " objectives, were " + objectives.size());
        }
        return List.copyOf(objectives);
    }

    private Objective objective(String name, ConfigValue value) {
        String place = path + ".\"" + name + '"';
        if (!Objective.isName(name)) {
            throw ConfigError.at(
                    value,
                    place,
                    "matches no program; use the name of a program, the beginning of names with * after it, or \"*\" for the whole pool");
        }
        if (!(value instanceof ConfigObject members)) {
            throw ConfigError.at(value, place, "must be a group { … }, was " + ConfigError.quoted(value));
        }
        Map<ObjectiveTarget, Double> targets = new EnumMap<>(ObjectiveTarget.class);
        members.forEach((key, given) -> {
            ObjectiveTarget target = target(place, key, given);
            if (given.valueType() != ConfigValueType.NULL) {
                targets.put(target, number(target, place + '.' + key, given));
            }
        });
        requireSense(targets, place, value);
        return new Objective(name, targets);
    }

    private static void requireSense(Map<ObjectiveTarget, Double> targets, String place, ConfigValue value) {
        boolean quantileAlone =
                targets.containsKey(ObjectiveTarget.QUANTILE) && !targets.containsKey(ObjectiveTarget.DURATION);
        if (targets.isEmpty() || quantileAlone) {
            throw ConfigError.at(
                    value,
                    place,
                    quantileAlone
                            ? "has a quantile, but no duration"
                            : "must have at least one of duration, success-ratio, availability");
        }
    }

    private static ObjectiveTarget target(String place, String key, ConfigValue value) {
        for (ObjectiveTarget target : ObjectiveTarget.values()) {
            if (target.key().equals(key)) {
                return target;
            }
        }
        String quotes = value instanceof ConfigObject ? "; put the name of a program with a dot in quotes" : "";
        throw ConfigError.at(
                value, place + '.' + key, "is not known" + Suggestion.among(ObjectiveTarget.keys(), key) + quotes);
    }

    private static double number(ObjectiveTarget target, String place, ConfigValue value) {
        String text = String.valueOf(value.unwrapped()).strip();
        double number = target == ObjectiveTarget.DURATION ? millis(value, text) : ratio(text);
        if (!target.allows(number)) { // not for NaN either
            String unit =
                    target == ObjectiveTarget.DURATION ? ", with its unit (us, ms, s, m, h), such as \"2 s\"" : "";
            throw ConfigError.at(
                    value, place, "must be " + target.wanted() + unit + ", was " + ConfigError.quoted(value));
        }
        return number;
    }

    private static double ratio(String text) {
        return NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    }

    private static double millis(ConfigValue value, String text) {
        if (!TIME.matcher(text).matches()) {
            return Double.NaN;
        }
        try {
            return value.atKey("it").getDuration("it", TimeUnit.NANOSECONDS) / NANOS_PER_MILLI;
        } catch (ConfigException e) { // an unknown unit: the complaint names those that are known
            return Double.NaN;
        }
    }
}
