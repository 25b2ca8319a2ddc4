package org.vivarium.core.process;

import java.time.Duration;
import org.vivarium.core.process.channel.ChannelSettings;
import org.vivarium.core.process.output.OutputLimits;

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
 * @param patience how long it may take until the process can be made
 * @param output how much of what it prints goes into the log
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
        ProcessLimits limits,
        ForkServerPatience patience,
        OutputLimits output) {}
