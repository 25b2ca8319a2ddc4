package org.vivarium.core.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code docs/CONFIGURATION.md} and {@code config/vivarium.conf} say about parameters, made from their
 * descriptions in the code. Another enum of parameters is one more line in {@link #tables} and in {@link #comments}.
 */
final class DocumentedParameters {
    private static final int WIDTH = 140;

    private DocumentedParameters() {}

    /** Returns the tables of the document, by the name that its markers give them. */
    static Map<String, String> tables() {
        return Map.of(
                "parameters of a pool",
                table(
                        "key | attribute | default | range | takes effect | what it is",
                        Arrays.stream(PoolParameter.values()).map(DocumentedParameters::row)),
                "parameters of the service",
                table(
                        "key | attribute | default | range | takes effect | what it is",
                        Arrays.stream(ServiceParameter.values()).map(DocumentedParameters::row)),
                "objectives of a pool",
                table(
                        "key | attribute | default | range | what it is",
                        Arrays.stream(ObjectiveTarget.values()).map(DocumentedParameters::row)),
                "python of a pool",
                table(
                        "key | default | what it is",
                        Arrays.stream(PythonParameter.values()).map(DocumentedParameters::row)));
    }

    /** Returns the comments of the file, by the whole path of the key that each stands above. */
    static Map<String, String> comments() {
        Map<String, String> comments = new TreeMap<>();
        for (PoolParameter parameter : PoolParameter.values()) {
            comments.put("vivarium.pools.default." + parameter.path(), comment(parameter));
        }
        for (ServiceParameter parameter : ServiceParameter.values()) {
            comments.put(ServiceReader.ROOT + parameter.path(), comment(parameter));
        }
        for (PythonParameter parameter : PythonParameter.values()) {
            comments.put(
                    "vivarium.pools.default." + parameter.path(),
                    (parameter.description() + "\nDefault " + parameter.standard() + '.').replace("`", ""));
        }
        return comments;
    }

    private static String table(String heads, Stream<String> rows) {
        String line = "|" + "---|".repeat(heads.split("\\|", -1).length);
        return "| " + heads + " |\n" + line + '\n' + rows.collect(Collectors.joining("\n"));
    }

    private static String row(Parameter parameter) {
        return String.format(
                "| `%s` | `%s` | %s | %s | %s | %s |",
                parameter.path(),
                parameter.attribute(),
                parameter.allowed().isText() ? '`' + standard(parameter) + '`' : standard(parameter),
                parameter.allowed().range(),
                parameter.effect(),
                parameter.description());
    }

    private static String row(ObjectiveTarget target) {
        ObjectiveTarget.Bounds bounds = target.bounds();
        String range = target == ObjectiveTarget.DURATION
                ? String.format(Locale.ROOT, "%,.0f to %,.0f", bounds.minimum(), bounds.maximum())
                : bounds.minimum() + " to " + bounds.maximum();
        return String.format(
                "| `%s` | `%s` | %s | %s %s | %s |",
                target.key(),
                target.attribute(),
                Double.isNaN(bounds.standard()) ? "none" : bounds.standard(),
                range,
                target.unit(),
                target.description());
    }

    private static String row(PythonParameter parameter) {
        return String.format("| `%s` | %s | %s |", parameter.path(), parameter.standard(), parameter.description());
    }

    private static String comment(Parameter parameter) {
        return String.format(
                "[%s] %s\n%s. Default %s. Takes effect %s.",
                parameter.attribute(),
                parameter.description(),
                allowed(parameter),
                standard(parameter),
                parameter.effect());
    }

    /** Returns what may be written into the file. */
    private static String allowed(Parameter parameter) {
        Allowed allowed = parameter.allowed();
        if (!allowed.isNumber()) {
            String words = (allowed.isChoice() ? "one of " : "") + allowed.range();
            return Character.toUpperCase(words.charAt(0)) + words.substring(1);
        }
        String unit = inFile(parameter.unit()) ? ' ' + parameter.unit().symbol() : "";
        String what = parameter.unit().isTime() ? "a time" : unit.isEmpty() ? "a whole number" : "a size";
        String range = what + " from " + allowed.minimum() + unit + " to " + allowed.maximum() + unit
                + (what.equals("a size") ? ", in whole MiB" : "");
        return parameter.followsHost() ? "auto, or " + range : 'A' + range.substring(1);
    }

    /**
     * Returns the default as the file has it: with its unit, and times from a second on in seconds, and whole hours in
     * hours.
     */
    private static String standard(Parameter parameter) {
        Object standard = parameter.standard();
        if (!(standard instanceof Long number) || !inFile(parameter.unit())) {
            return String.valueOf(standard);
        }
        boolean seconds = parameter.unit() == ParameterUnit.MILLISECONDS && number % 1_000 == 0;
        if (seconds && number > 0 && number % 3_600_000 == 0) {
            return number / 3_600_000 + " h";
        }
        return seconds ? number / 1_000 + " s" : number + " " + parameter.unit().symbol();
    }

    /** Returns whether values in the file have their unit with them. */
    private static boolean inFile(ParameterUnit unit) {
        return unit.isTime() || unit == ParameterUnit.MEBIBYTES;
    }

    /** Returns {@code document} with {@code content} between the markers of that name. */
    static String withPart(String document, String name, String content) {
        String start = "<!-- generated: " + name + " -->\n";
        String end = "\n<!-- end of " + name + " -->";
        int from = document.indexOf(start);
        int to = document.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException("docs/CONFIGURATION.md needs the lines " + start + "and" + end);
        }
        return document.substring(0, from + start.length()) + '\n' + content + '\n' + document.substring(to);
    }

    /** Returns {@code file} with the comment directly above each key replaced by that of {@code comments}. */
    static String withComments(String file, Map<String, String> comments) {
        Map<String, String> missing = new TreeMap<>(comments);
        List<String> groups = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String line : file.split("\n", -1)) {
            String key = line.strip().split("[ {]", 2)[0];
            String comment = missing.remove(String.join(".", groups) + '.' + key);
            if (comment != null) {
                replaceLastComment(lines, line.substring(0, line.indexOf(key)), comment);
            }
            lines.add(line);
            if (key.equals("}")) {
                groups.remove(groups.size() - 1);
            } else if (line.endsWith("{") && !key.equals("#")) {
                groups.add(key);
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("config/vivarium.conf needs a line for each of " + missing.keySet());
        }
        return String.join("\n", lines);
    }

    private static void replaceLastComment(List<String> lines, String indent, String comment) {
        while (lines.get(lines.size() - 1).strip().startsWith("#")) {
            lines.remove(lines.size() - 1);
        }
        for (String paragraph : comment.split("\n", -1)) {
            StringBuilder line = new StringBuilder(indent + '#');
            for (String word : paragraph.split(" ", -1)) {
                if (line.length() + word.length() >= WIDTH) {
                    lines.add(line.toString());
                    line = new StringBuilder(indent + '#');
                }
                line.append(' ').append(word);
            }
            lines.add(line.toString());
        }
    }
}
