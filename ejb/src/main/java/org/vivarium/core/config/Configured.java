package org.vivarium.core.config;

import java.util.Map;

/**
 * What was configured of the parameters of one kind. Immutable.
 *
 * @param file the values of files, properties and variables, without what was saved
 * @param start the values to start with: {@code file}, with what was saved
 * @param origins where each value that is not the default was configured
 * @param profiles what each profile sets, but for what is configured by itself, in the form of {@link Settings#with}
 */
public record Configured<P extends Parameter, S extends Settings<P, S>>(
        S file, S start, Map<P, Origin> origins, Map<String, Map<P, Object>> profiles) {
    public Configured {
        origins = Map.copyOf(origins);
        profiles = Map.copyOf(profiles);
    }

    /** Returns settings of which nobody knows where they were configured, and of which nothing was saved. */
    public static <P extends Parameter, S extends Settings<P, S>> Configured<P, S> of(S settings) {
        return new Configured<>(settings, settings, Map.of(), Map.of());
    }

    /** Returns where a value was configured, in words. */
    String place(P parameter) {
        Origin origin = origins.get(parameter);
        return origin == null ? "default" : origin.place();
    }

    /** Returns whether a value was configured by what is stronger than what is saved. */
    boolean fixes(P parameter) {
        Origin origin = origins.get(parameter);
        return origin != null && origin.fixed();
    }
}
