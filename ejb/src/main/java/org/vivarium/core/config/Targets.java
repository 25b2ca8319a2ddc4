package org.vivarium.core.config;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.view.settings.ParameterChange;

/** The objectives of one pool at one moment, and their targets by the names that operators give them. Immutable. */
final class Targets {
    private final String pool;
    private final List<Objective> objectives;

    /** By name, in the order of the objectives. */
    private final Map<String, Double> values;

    Targets(String pool, List<Objective> objectives) {
        this.pool = pool;
        this.objectives = List.copyOf(objectives);
        Map<String, Double> all = new LinkedHashMap<>();
        for (Objective objective : objectives) {
            Arrays.stream(ObjectiveTarget.values())
                    .filter(objective::has)
                    .forEach(target -> all.put(objective.attribute(target), objective.target(target)));
        }
        this.values = Collections.unmodifiableMap(all);
    }

    List<Objective> objectives() {
        return objectives;
    }

    Map<String, Double> values() {
        return values;
    }

    /**
     * Returns the same with other values.
     *
     * @throws IllegalArgumentException if there is no such target or a value is not allowed
     */
    Targets with(Map<String, ?> changes) {
        List<Objective> changed = objectives;
        for (Map.Entry<String, ?> change : changes.entrySet()) {
            changed = changed(changed, change.getKey(), change.getValue());
        }
        return new Targets(pool, changed);
    }

    private List<Objective> changed(List<Objective> all, String attribute, @Nullable Object value) {
        require(attribute);
        ObjectiveTarget target = target(attribute);
        if (!(value instanceof Number number)) {
            throw new IllegalArgumentException(attribute + " must be " + target.wanted() + ", was " + value);
        }
        String name = attribute.substring(0, attribute.lastIndexOf('.'));
        return all.stream()
                .map(each -> each.name().equals(name) ? each.with(target, number.doubleValue()) : each)
                .toList();
    }

    private static ObjectiveTarget target(String attribute) {
        return ObjectiveTarget.ofAttribute(attribute.substring(attribute.lastIndexOf('.') + 1));
    }

    /** Throws an {@link IllegalArgumentException} with a suggestion if there is no such target. */
    void require(String attribute) {
        if (!values.containsKey(attribute)) {
            throw new IllegalArgumentException("pool " + pool + " has no target " + attribute
                    + (values.isEmpty() ? "; it has no objectives" : Suggestion.among(values.keySet(), attribute)));
        }
    }

    /** Returns what differs in {@code after}, which has the same targets. */
    List<ParameterChange> changesTo(Targets after) {
        return values.entrySet().stream()
                .filter(each -> !each.getValue().equals(after.values.get(each.getKey())))
                .map(each -> change(each.getKey(), each.getValue(), requireNonNull(after.values.get(each.getKey()))))
                .toList();
    }

    static ParameterChange change(String attribute, @Nullable Object from, @Nullable Object to) {
        return new ParameterChange(attribute, from, to, target(attribute).unit(), Effect.AT_ONCE.toString());
    }
}
