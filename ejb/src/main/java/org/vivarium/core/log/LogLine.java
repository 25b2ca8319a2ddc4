package org.vivarium.core.log;

/**
 * One line of names and values, {@code name=value name="another value" …}, in which nobody can forge a name or a line.
 */
final class LogLine {
    private final StringBuilder text = new StringBuilder();

    /** Appends a name with its value, quoted if that is not a plain word. */
    LogLine add(String name, Object value) {
        text.append(text.length() == 0 ? "" : " ").append(name).append('=').append(quoted(String.valueOf(value)));
        return this;
    }

    private static String quoted(String value) {
        if (value.matches("[\\w.:/+-]+")) {
            return value;
        }
        return '"' + LogText.oneLine(value.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
