package org.vivarium.adapter.jmx.settings;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.Actor;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.api.view.settings.ParameterView;
import org.vivarium.core.config.Allowed;
import org.vivarium.core.config.Parameter;
import org.vivarium.core.config.SettingsStore;

/** What can be done with the parameters of one kind at once; each answers in lines of text. */
@SuppressWarnings("ImmutableEnumChecker") // descriptions that nobody changes, and functions without state
enum SettingsOperation {
    UPDATE_LIMITS(
            new MBeanOperationInfo(
                    "updateLimits",
                    "Changes several parameters at once, all or none, and returns what changed.",
                    new MBeanParameterInfo[] {
                        text("changes", "Names and values, such as MinimumWorkers=2, MaximumWorkers=8."),
                        text("reason", "Why, for the change log; may be empty.")
                    },
                    String.class.getName(),
                    MBeanOperationInfo.ACTION),
            (store, arguments, actor) ->
                    made(store.change(changes(store, arguments.get(0)), actor.because(arguments.get(1))))),
    SAVE(
            ofNames(
                    "save",
                    "Saves parameters as they are now, so that they hold after a restart, and returns what was saved."),
            (store, arguments, actor) -> made(store.save(names(arguments.get(0)), actor.because(arguments.get(1))))),
    REVERT(
            ofNames(
                    "revert",
                    "Sets parameters to what is configured, forgets what was saved of them, and returns what changed."),
            (store, arguments, actor) -> made(store.revert(names(arguments.get(0)), actor.because(arguments.get(1))))),
    DIFFERENCES(
            new MBeanOperationInfo(
                    "differences",
                    "Lists the parameters that differ from what is configured, with what was saved of them.",
                    new MBeanParameterInfo[0],
                    String.class.getName(),
                    MBeanOperationInfo.INFO),
            (store, arguments, actor) -> lines(store.view().stream()
                    .filter(each -> each.differsFromFile() || each.savedValue() != null)
                    .map(SettingsOperation::difference)
                    .toList()));

    private static final String NEXT_CHANGE = ",(?=\\s*\\w+\\s*=)";

    private final MBeanOperationInfo info;
    private final Work work;

    SettingsOperation(MBeanOperationInfo info, Work work) {
        this.info = info;
        this.work = work;
    }

    private interface Work {
        String of(SettingsStore<?, ?> store, List<String> arguments, Actor actor);
    }

    private static MBeanOperationInfo ofNames(String name, String description) {
        return new MBeanOperationInfo(
                name,
                description,
                new MBeanParameterInfo[] {
                    text("attributes", "Names with commas between; empty for all."),
                    text("reason", "Why, for the change log; may be empty.")
                },
                String.class.getName(),
                MBeanOperationInfo.ACTION);
    }

    private static MBeanParameterInfo text(String name, String description) {
        return new MBeanParameterInfo(name, String.class.getName(), description);
    }

    /** Returns the operation of that name with so many parameters; {@code null} if there is none. */
    static @Nullable SettingsOperation find(String name, int parameters) {
        return Arrays.stream(values())
                .filter(each -> each.info.getName().equals(name) && each.info.getSignature().length == parameters)
                .findFirst()
                .orElse(null);
    }

    static MBeanOperationInfo[] infos() {
        return Arrays.stream(values()).map(each -> each.info).toArray(MBeanOperationInfo[]::new);
    }

    /**
     * Does it, and says what changed.
     *
     * @throws IllegalArgumentException if it is refused; one sentence says why
     */
    String carryOut(SettingsStore<?, ?> store, List<String> arguments, Actor actor) {
        return work.of(store, arguments, actor);
    }

    private static String made(List<ParameterChange> changes) {
        return lines(changes.stream().map(ParameterChange::toString).toList());
    }

    private static String difference(ParameterView each) {
        return "%s: %s, configured %s (%s), saved %s"
                .formatted(
                        each.attribute(),
                        each.value(),
                        each.fileValue(),
                        each.source(),
                        each.savedValue() == null ? "nothing" : each.savedValue());
    }

    private static String lines(List<String> lines) {
        return lines.isEmpty() ? "nothing" : String.join("\n", lines);
    }

    private static List<String> names(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static Map<String, Object> changes(SettingsStore<?, ?> store, String text) {
        Map<String, Object> changes = new LinkedHashMap<>();
        if (text.isBlank()) {
            return changes;
        }
        for (String each : text.split(NEXT_CHANGE, -1)) { // a text may have commas itself
            String[] parts = each.split("=", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException(
                        "changes must be names and values, such as MinimumWorkers=2, MaximumWorkers=8, was \"" + each
                                + '"');
            }
            String attribute = parts[0].strip();
            if (changes.put(attribute, value(store, attribute, parts[1].strip())) != null) {
                throw new IllegalArgumentException(attribute + " is there twice");
            }
        }
        return changes;
    }

    /** Returns a number or a boolean where the parameter is one and the text can be read as one; else the text. */
    private static Object value(SettingsStore<?, ?> store, String attribute, String text) {
        Parameter parameter = store.current().parameters().find(attribute);
        if (parameter == null) {
            return text; // the store refuses it, and records that
        }
        Allowed allowed = parameter.allowed();
        if (allowed.isSwitch() && (text.equals("true") || text.equals("false"))) {
            return text.equals("true");
        }
        return allowed.isNumber() && text.matches("-?\\d{1,18}") ? (Object) Long.valueOf(text) : text;
    }
}
