package org.vivarium.core.process.host;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.ProcessRole;
import org.vivarium.core.process.procfs.TimedSample;

/**
 * A process that the service has started.
 *
 * @param pid its id; 0 while nobody knows it
 * @param role guardian, fork server or worker
 * @param name what the logs call it
 * @param pool the pool of a worker; {@code null} for what pools may share
 * @param lastSample what was seen of it last by who else looks at it; {@code null} if nobody does
 */
public record HostedProcess(
        long pid,
        ProcessRole role,
        String name,
        @Nullable String pool,
        @Nullable TimedSample lastSample) {
    /**
     * Returns whether others are found below it that it did not start itself, because it adopts what is left behind.
     */
    public boolean adopts() {
        return role != ProcessRole.WORKER;
    }
}
