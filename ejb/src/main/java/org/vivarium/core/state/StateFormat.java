package org.vivarium.core.state;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One kind of document: how its file is called, and how what older versions of the service wrote becomes what this one
 * reads. The first format has version 1; each step leads to the next version.
 *
 * @param name of the file, without {@code .json}: lower-case letters, digits and hyphens
 * @param steps how version 1 becomes version 2, version 2 becomes 3, and so on
 */
public record StateFormat(String name, List<Step> steps) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    public StateFormat {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the name of a document must be lower-case letters, digits and hyphens, was " + name);
        }
        steps = List.copyOf(steps);
    }

    /** Returns the version that this service writes. */
    public int version() {
        return steps.size() + 1;
    }

    /** Leads from one version of a format to the next. */
    @FunctionalInterface
    public interface Step {
        /** Returns the content in the next version; {@code content} may be changed and returned. */
        Map<String, Object> upgrade(Map<String, Object> content);
    }
}
