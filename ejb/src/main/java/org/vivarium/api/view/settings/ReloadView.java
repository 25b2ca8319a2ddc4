package org.vivarium.api.view.settings;

import java.util.List;
import java.util.Map;

/**
 * What became of reading the configuration again.
 *
 * @param service what changed of the parameters of the service as a whole
 * @param changes what changed of those of pools, by pool
 * @param later what is configured and does not hold yet, with what would make it hold, in one sentence each
 * @param problems the pools that cannot be configured as it is written and go on as they were: name → what is wrong
 */
public record ReloadView(
        List<ParameterChange> service,
        Map<String, List<ParameterChange>> changes,
        List<String> later,
        Map<String, String> problems) {
    public ReloadView {
        service = List.copyOf(service);
        changes = Map.copyOf(changes);
        later = List.copyOf(later);
        problems = Map.copyOf(problems);
    }
}
