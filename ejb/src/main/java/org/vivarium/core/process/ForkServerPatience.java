package org.vivarium.core.process;

import java.time.Duration;

/**
 * How long a fork server is waited for before another one takes its place. Only time in which the service itself was at
 * work counts.
 *
 * @param loading until it has imported the modules
 * @param silence without a heartbeat, once it has
 */
public record ForkServerPatience(Duration loading, Duration silence) {}
