package org.vivarium.api.view.monitor;

import java.time.Instant;

/**
 * One thing that is looked at.
 *
 * @param name what it is, such as {@code timers} or {@code history}
 * @param problem what is wrong with it, in one sentence; empty if nothing is
 * @param since from when on it has been so
 */
public record SelfCheck(String name, String problem, Instant since) {}
