package org.vivarium.api.view;

import java.util.Map;

/**
 * Whether the service can do its work.
 *
 * @param down the pools that cannot serve, each with its state, such as {@code BROKEN}
 */
public record HealthView(Map<String, String> down) {
    /** Returns the answer. */
    public boolean up() {
        return down.isEmpty();
    }
}
