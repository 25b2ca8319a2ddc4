package org.vivarium.api.program;

import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Input;

/** How the arguments of a method become the inputs and the options of a call. Immutable. */
final class Inputs {
    /** Stands for the place of the options among the names, and for the whole of the inputs. */
    private static final String OPTIONS = "";

    private final List<String> names;
    private final boolean whole;

    private Inputs(List<String> names, boolean whole) {
        this.names = names;
        this.whole = whole;
    }

    /**
     * Reads the parameters of a method.
     *
     * @throws IllegalArgumentException if one cannot be an input; the message says which and why
     */
    static Inputs of(Parameter[] parameters) {
        List<String> names = new ArrayList<>();
        boolean whole = false;
        int options = 0;
        for (int i = 0; i < parameters.length; i++) {
            Parameter parameter = parameters[i];
            boolean isOptions = parameter.getType() == CallOptions.class;
            options += isOptions ? 1 : 0;
            whole |= isWhole(parameter);
            String name = isOptions || isWhole(parameter) ? OPTIONS : name(parameter, i + 1);
            if (!name.isEmpty() && names.contains(name)) {
                throw new IllegalArgumentException("two of its parameters are the input '" + name + "'");
            }
            names.add(name);
        }
        check(parameters, whole, options);
        return new Inputs(List.copyOf(names), whole);
    }

    private static void check(Parameter[] parameters, boolean whole, int options) {
        if (options > 1) {
            throw new IllegalArgumentException("it has more than one parameter of type CallOptions");
        }
        if (whole && parameters.length - options != 1) {
            throw new IllegalArgumentException(
                    "a parameter with @Input but no name is the whole of the inputs, so it must be the only one");
        }
    }

    private static boolean isWhole(Parameter parameter) {
        Input input = parameter.getAnnotation(Input.class);
        if (input == null || !input.value().isEmpty()) {
            return false;
        }
        Class<?> type = parameter.getType();
        if (type.isPrimitive() || type.isArray() || type.isEnum() || isNoObject(type)) {
            throw new IllegalArgumentException(
                    "a parameter with @Input but no name is the whole of the inputs, so it must be a record, a bean or a Map, not "
                            + type.getSimpleName());
        }
        return true;
    }

    private static boolean isNoObject(Class<?> type) {
        return CharSequence.class.isAssignableFrom(type)
                || Number.class.isAssignableFrom(type)
                || Collection.class.isAssignableFrom(type)
                || type == Boolean.class
                || type == Character.class;
    }

    private static String name(Parameter parameter, int place) {
        Input input = parameter.getAnnotation(Input.class);
        if (input != null) {
            return input.value();
        }
        if (!parameter.isNamePresent()) {
            throw new IllegalArgumentException(
                    "parameter " + place + " has no name: annotate it with @Input(\"…\"), or compile with -parameters");
        }
        return parameter.getName();
    }

    /** Returns what the program is called with. */
    @Nullable Object inputs(Object[] arguments) {
        Map<String, Object> inputs = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            String name = names.get(i);
            if (!name.isEmpty() && arguments[i] != null) {
                inputs.put(name, arguments[i]);
            } else if (whole && !(arguments[i] instanceof CallOptions)) {
                return arguments[i];
            }
        }
        return inputs.isEmpty() ? null : inputs;
    }

    /** Returns the options among the arguments, or the default ones. */
    static CallOptions options(Object[] arguments) {
        for (Object argument : arguments) {
            if (argument instanceof CallOptions options) {
                return options;
            }
        }
        return CallOptions.DEFAULT;
    }
}
