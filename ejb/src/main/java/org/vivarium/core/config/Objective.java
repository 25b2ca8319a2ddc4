package org.vivarium.core.config;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a pool promises about some of its calls. Immutable.
 *
 * @param name which programs it is about: the name of one, the beginning of names with a {@code *} after it, or
 *     {@code *} for the whole pool
 * @param targets what is demanded
 */
public record Objective(String name, Map<ObjectiveTarget, Double> targets) {
    /** The one about the whole pool. */
    public static final String WHOLE_POOL = "*";

    private static final Pattern NAME = Pattern.compile("[^*\\s\"=,:?]{1,100}\\*?|\\*");

    public Objective {
        targets = Map.copyOf(targets);
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Returns whether it is about calls of {@code program}. */
    public boolean covers(String program) {
        int end = name.length() - 1;
        return name.charAt(end) == '*' ? program.regionMatches(0, name, 0, end) : program.equals(name);
    }

    /** Returns whether {@code target} is demanded; the quantile is if the duration is. */
    public boolean has(ObjectiveTarget target) {
        return targets.containsKey(target == ObjectiveTarget.QUANTILE ? ObjectiveTarget.DURATION : target);
    }

    /** Returns what is demanded; NaN if nothing is. */
    public double target(ObjectiveTarget target) {
        return has(target) ? targets.getOrDefault(target, target.bounds().standard()) : Double.NaN;
    }

    /** Returns how operators call one of its targets, such as {@code prep*.DurationMillis}. */
    public String attribute(ObjectiveTarget target) {
        return name + '.' + target.attribute();
    }

    /**
     * Returns the same with another target in the place of one that it has.
     *
     * @throws IllegalArgumentException if it has none, or {@code value} is not allowed
     */
    Objective with(ObjectiveTarget target, double value) {
        if (!has(target)) {
            throw new IllegalArgumentException("the objective " + name + " has no " + target.key() + " to change");
        }
        if (!target.allows(value)) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%s must be %s, was %s", attribute(target), target.wanted(), value));
        }
        Map<ObjectiveTarget, Double> changed = new EnumMap<>(ObjectiveTarget.class);
        changed.putAll(targets);
        changed.put(target, value);
        return new Objective(name, changed);
    }
}
