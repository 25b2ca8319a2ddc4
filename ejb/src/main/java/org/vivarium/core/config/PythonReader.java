package org.vivarium.core.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the {@code python} part of one pool. */
final class PythonReader {
    private static final Pattern MODULE = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_]\\w*");

    /** Variables of libraries have an underscore: {@code PYTHON_KEYRING_BACKEND}. */
    private static final Pattern INTERPRETERS_OWN =
            Pattern.compile("PYTHON([A-Z0-9]+|_CPU_COUNT|_GIL|_FROZEN_MODULES)");

    private static final Map<String, String> INSTEAD =
            Map.of("PYTHONPATH", "use python.path", "PYTHONHOME", "use python.interpreter");

    private static final int MOST_THREADS = 256;

    private final String prefix;
    private final Map<String, ConfigValue> leaves;

    /** Takes the values of the pool by path, as {@link PoolReader} found them. */
    PythonReader(String prefix, Map<String, ConfigValue> leaves) {
        this.prefix = prefix;
        this.leaves = leaves;
    }

    PythonSettings read() {
        return new PythonSettings(
                interpreter(),
                startMethod(),
                list(PythonParameter.PATH).stream()
                        .map(value -> absolute(value, PythonParameter.PATH))
                        .toList(),
                modules(PythonParameter.PRELOAD),
                modules(PythonParameter.PROGRAMS),
                modules(PythonParameter.ALLOW_INHERITED),
                environment(),
                threads(),
                places());
    }

    private Map<PythonParameter, String> places() {
        Map<PythonParameter, String> places = new EnumMap<>(PythonParameter.class);
        for (PythonParameter parameter : PythonParameter.values()) {
            ConfigValue value = leaves.get(parameter.path());
            if (value != null) {
                places.put(parameter, ConfigError.place(value.origin()));
            }
        }
        return places;
    }

    private String interpreter() {
        ConfigValue value = leaves.get(PythonParameter.INTERPRETER.path());
        if (value == null) {
            return "python3";
        }
        String interpreter = text(value, PythonParameter.INTERPRETER).strip();
        if (interpreter.isEmpty()) {
            throw complaint(PythonParameter.INTERPRETER, value, "must be a command or a path");
        }
        require(NativeText.ARGUMENT, interpreter, value, PythonParameter.INTERPRETER);
        return interpreter.contains("/") // else a command, which the system looks for
                ? absolute(value, PythonParameter.INTERPRETER).toString()
                : interpreter;
    }

    private StartMethod startMethod() {
        ConfigValue value = leaves.get(PythonParameter.START_METHOD.path());
        if (value == null) {
            return StartMethod.FORKSERVER;
        }
        return Arrays.stream(StartMethod.values())
                .filter(method -> method.code().equals(value.unwrapped()))
                .findFirst()
                .orElseThrow(() -> complaint(PythonParameter.START_METHOD, value, "must be forkserver or spawn"));
    }

    private List<String> modules(PythonParameter parameter) {
        return list(parameter).stream()
                .map(value -> {
                    String module = text(value, parameter);
                    if (!MODULE.matcher(module).matches()) {
                        throw complaint(
                                parameter,
                                value,
                                "must hold names of Python modules, such as crm, without a directory and without .py");
                    }
                    return module;
                })
                .toList();
    }

    private int threads() {
        ConfigValue value = leaves.get(PythonParameter.NATIVE_THREADS.path());
        if (value == null) {
            return 1;
        }
        String text = String.valueOf(value.unwrapped());
        int threads = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
        if (threads < 1 || threads > MOST_THREADS) {
            throw complaint(PythonParameter.NATIVE_THREADS, value, "must be a whole number from 1 to " + MOST_THREADS);
        }
        return threads;
    }

    private Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        group(PythonParameter.ENVIRONMENT)
                .forEach((name, setting) ->
                        variables.put(variable(PythonParameter.ENVIRONMENT, name, setting), content(name, setting)));
        group(PythonParameter.ENVIRONMENT_FILES).forEach((name, setting) -> {
            if (variables.put(variable(PythonParameter.ENVIRONMENT_FILES, name, setting), inFile(setting)) != null) {
                throw complaint(
                        PythonParameter.ENVIRONMENT_FILES,
                        setting,
                        "has " + name + ", which python.environment has, too");
            }
        });
        return variables;
    }

    private Map<String, ConfigValue> group(PythonParameter parameter) {
        ConfigValue value = leaves.get(parameter.path());
        if (value != null && !(value instanceof ConfigObject)) {
            throw complaint(parameter, value, "must be a group of variables, such as { LANG = \"C.UTF-8\" }");
        }
        Map<String, ConfigValue> members =
                value instanceof ConfigObject object ? new LinkedHashMap<>(object) : Map.of();
        members.values().removeIf(each -> each.valueType() == ConfigValueType.NULL); // "= null" takes one out
        return members;
    }

    private String inFile(ConfigValue setting) {
        Path file = absolute(setting, PythonParameter.ENVIRONMENT_FILES);
        try {
            String content = SecretFile.read(file);
            if (content.indexOf('\0') < 0 && NativeText.ARGUMENT.problem(content) == null) {
                return content;
            }
        } catch (IOException e) {
            throw complaint(PythonParameter.ENVIRONMENT_FILES, setting, "must name readable files of text in UTF-8", e);
        }
        throw complaint(PythonParameter.ENVIRONMENT_FILES, setting, "must name files of text without NUL");
    }

    private String variable(PythonParameter group, String name, ConfigValue value) {
        if (!VARIABLE.matcher(name).matches() || name.startsWith("VIVARIUM_")) {
            throw complaint(
                    group,
                    value,
                    "must hold variables of letters, digits and _ that do not begin with VIVARIUM_, but has "
                            + name.split("=", 2)[0]); // whoever wrote NAME=value has a value behind it
        }
        if (INTERPRETERS_OWN.matcher(name).matches()) {
            throw complaint(
                    group,
                    value,
                    "has %s, which has no effect: the interpreter ignores its own variables (it runs with -I); %s"
                            .formatted(name, INSTEAD.getOrDefault(name, "leave it out")));
        }
        return name;
    }

    private String content(String name, ConfigValue setting) {
        if (isScalar(setting)) {
            String content = String.valueOf(setting.unwrapped());
            if (content.indexOf('\0') < 0) {
                require(NativeText.ARGUMENT, content, setting, PythonParameter.ENVIRONMENT);
                return content;
            }
        }
        throw complaint(
                PythonParameter.ENVIRONMENT, setting, "must hold text without NUL, but " + name + " is something else");
    }

    /** Returns the elements of a list; a text, as properties and variables have it, is split at commas. */
    private List<? extends ConfigValue> list(PythonParameter parameter) {
        @Nullable ConfigValue value = leaves.get(parameter.path());
        if (value == null) {
            return List.of();
        }
        if (value instanceof ConfigList list) {
            return list;
        }
        return Arrays.stream(text(value, parameter).split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .map(item -> ConfigValueFactory.fromAnyRef(item).withOrigin(value.origin()))
                .toList();
    }

    /**
     * Returns {@code value} as a path; one that was written relative is seen from the directory of the file it stands
     * in.
     */
    private Path absolute(ConfigValue value, PythonParameter parameter) {
        String written = text(value, parameter).strip();
        require(NativeText.PATH, written, value, parameter);
        String file = value.origin().filename();
        Path directory = file == null ? null : Path.of(file).toAbsolutePath().getParent();
        Path path = Path.of(written);
        return (directory == null ? path.toAbsolutePath() : directory.resolve(path)).normalize();
    }

    private void require(NativeText kind, String text, ConfigValue value, PythonParameter parameter) {
        String problem = kind.problem(text);
        if (problem != null) {
            throw complaint(parameter, value, problem);
        }
    }

    private String text(ConfigValue value, PythonParameter parameter) {
        if (!isScalar(value)) {
            throw complaint(parameter, value, "must hold text");
        }
        return String.valueOf(value.unwrapped());
    }

    private static boolean isScalar(ConfigValue value) {
        return value.valueType() == ConfigValueType.STRING
                || value.valueType() == ConfigValueType.NUMBER
                || value.valueType() == ConfigValueType.BOOLEAN;
    }

    private ConfigurationException complaint(PythonParameter parameter, ConfigValue value, String allowed) {
        return complaint(parameter, value, allowed, null);
    }

    private ConfigurationException complaint(
            PythonParameter parameter, ConfigValue value, String allowed, @Nullable Exception cause) {
        String was = parameter.isSecret() ? "" : ", was " + ConfigError.quoted(value);
        ConfigurationException mistake = ConfigError.at(value, prefix + parameter.path(), allowed + was);
        if (cause != null) {
            mistake.initCause(cause);
        }
        return mistake;
    }
}
