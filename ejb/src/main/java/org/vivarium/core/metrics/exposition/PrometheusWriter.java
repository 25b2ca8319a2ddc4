package org.vivarium.core.metrics.exposition;

import java.util.List;

/** Writes the text format of Prometheus, version 0.0.4. Used by one thread. */
public final class PrometheusWriter {
    private final StringBuilder out = new StringBuilder(32_768);

    /** Begins the block of a metric, before its samples; {@code name} must come once only. */
    public void head(String name, boolean counter, String help) {
        out.append("# HELP ")
                .append(name)
                .append(' ')
                .append(escaped(help, false))
                .append('\n');
        out.append("# TYPE ").append(name).append(counter ? " counter\n" : " gauge\n");
    }

    /** Adds a sample; {@code labels} are names and values by turns. */
    public void sample(String name, List<String> labels, double value) {
        out.append(name);
        for (int i = 0; i < labels.size(); i += 2) {
            out.append(i == 0 ? '{' : ',').append(labels.get(i)).append("=\"");
            out.append(escaped(labels.get(i + 1), true)).append('"');
        }
        out.append(labels.isEmpty() ? " " : "} ").append(number(value)).append('\n');
    }

    /** Returns {@code text} as the format wants it: in labels quotes are escaped as well. */
    private static String escaped(String text, boolean label) {
        String safe = text.replace("\\", "\\\\").replace("\n", "\\n");
        return label ? safe.replace("\"", "\\\"") : safe;
    }

    private static String number(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
        return whole ? Long.toString((long) value) : Double.toString(value);
    }

    /** Returns what was written. */
    @Override
    public String toString() {
        return out.toString();
    }
}
