package org.vivarium.core.process;

import java.time.Duration;
import org.vivarium.core.process.channel.ChannelSettings;

/**
 * What a worker process is to be.
 *
 * @param id unique in this run
 * @param edition keeps its fork server apart from those of other editions; empty shares one with every pool that is
 *     alike
 * @param slots calls at a time
 * @param logLevel of Python's root logger, as Python's number
 * @param heartbeat interval of its signs of life
 * @param sessionBytes most bytes that the state of a session may take
 */
public record WorkerRequest(
        String id,
        String pool,
        String edition,
        int slots,
        int logLevel,
        Duration heartbeat,
        int sessionBytes,
        ChannelSettings channel,
        ProcessLimits limits) {}
