package org.vivarium.core.process.host;

import java.util.Map;
import org.vivarium.core.process.ExitStatus;
import org.vivarium.core.process.cgroup.MemoryKills;
import org.vivarium.core.process.control.TokenIssuer;
import org.vivarium.core.time.Ticker;

/**
 * What guardians and fork servers of one run share.
 *
 * @param tokens by which their connections are known
 * @param kills asked when a process was killed
 */
record HostParts(TokenIssuer tokens, Ticker ticker, MemoryKills kills) {
    /** Reads the status from a report of the end of a process. */
    ExitStatus exit(Map<String, Object> message) {
        return ExitStatus.of(message).explained(kills::cause);
    }
}
