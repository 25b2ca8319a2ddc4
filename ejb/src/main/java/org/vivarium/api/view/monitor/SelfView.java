package org.vivarium.api.view.monitor;

import java.time.Instant;
import java.util.List;

/**
 * How the monitoring itself is doing.
 *
 * @param healthy whether no check has found anything
 * @param at when that was looked at; old if the looking itself has stopped
 * @param checks all checks, those that have found something first
 */
public record SelfView(boolean healthy, Instant at, List<SelfCheck> checks) {
    public SelfView {
        checks = List.copyOf(checks);
    }
}
