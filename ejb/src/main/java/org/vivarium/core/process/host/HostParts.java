package org.vivarium.core.process.host;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.process.ExitStatus;
import org.vivarium.core.process.cgroup.MemoryKills;
import org.vivarium.core.process.control.TokenIssuer;
import org.vivarium.core.process.output.OutputWriter;
import org.vivarium.core.time.Ticker;

/**
 * What guardians and fork servers of one run share.
 *
 * @param tokens by which their connections are known
 * @param kills asked when a process was killed
 * @param output logs what workers print
 * @param timer looks after them; its tasks never block
 */
record HostParts(
        TokenIssuer tokens, Ticker ticker, MemoryKills kills, OutputWriter output, ScheduledExecutorService timer) {
    private static final Logger LOG = LoggerFactory.getLogger(HostParts.class);

    /** Reads the status from a report of the end of a process. */
    ExitStatus exit(Map<String, Object> message) {
        return ExitStatus.of(message).explained(kills::cause);
    }

    /** Has {@code task} run after {@code delay}, unless the host is closed by then. */
    void later(Runnable task, Duration delay) {
        try {
            Future<?> unused = timer.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the host of Python processes is closed; dropping a task");
        }
    }

    /** Runs {@code task}; its failure is logged, because it would end what is repeated. */
    static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("looking after the Python processes failed; continuing", e);
        }
    }
}
