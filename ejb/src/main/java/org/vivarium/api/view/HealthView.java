package org.vivarium.api.view;

import java.util.Map;

/**
 * Whether the service can do its work.
 *
 * @param up the answer
 * @param pools for each pool its state, and its problem if it has one
 */
public record HealthView(boolean up, Map<String, String> pools) {}
