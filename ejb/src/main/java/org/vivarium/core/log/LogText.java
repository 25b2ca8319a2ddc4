package org.vivarium.core.log;

/** Makes text from outside fit for a log: it cannot forge a log line or control a terminal. */
public final class LogText {
    private static final int LONGEST_FIELD = 256;

    private LogText() {}

    /** Returns {@code text} with its control characters made visible, those that end a line among them. */
    public static String oneLine(String text) {
        return escape(text, "");
    }

    /**
     * Returns {@code text} with its control characters made visible, except for ends of lines: each further line begins
     * with a tab, so it cannot be taken for a record of its own.
     */
    public static String indented(String text) {
        return escape(text.strip().replace("\r\n", "\n"), "\n").replace("\n", "\n\t");
    }

    /** Returns {@code value} on one line, and cut if it is longer than an id is. */
    static String field(String value) {
        boolean fits = value.length() <= LONGEST_FIELD;
        return oneLine(fits ? value : value.substring(0, LONGEST_FIELD) + "...");
    }

    private static String escape(String text, String allowed) {
        if (text.chars().noneMatch(LogText::isControl)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            if (isControl(c) && allowed.indexOf(c) < 0) {
                safe.append(c > 0xff ? "\\u%04x".formatted(c) : "\\x%02x".formatted(c));
            } else {
                safe.append((char) c);
            }
        });
        return safe.toString();
    }

    private static boolean isControl(int c) {
        return c != '\t' && (Character.isISOControl(c) || c == '\u2028' || c == '\u2029');
    }
}
