package org.vivarium.core.health;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Detects whether a worker without heartbeats is hung, or so busy in C code that its heartbeat thread does not get the
 * interpreter lock. Time that it uses the processor, or waits for it, is forgiven. Not thread safe.
 *
 * <p>It knows no clock: silence is measured by who reads heartbeats, so that a server that stood still itself does not
 * take the time for the workers' silence.
 */
public final class LivenessDetector {
    /**
     * A thread that waits for the interpreter lock asks for it 200 times a second, which takes 0.5 % of a processor.
     */
    private static final int BUSY_PERCENT = 10;

    private Duration last = Duration.ZERO;
    private Duration forgiven = Duration.ZERO;
    private @Nullable Duration cpuWhenForgiven;

    /** Notes a sign of life of the worker: everything starts again. */
    public void heard() {
        last = Duration.ZERO;
        forgiven = Duration.ZERO;
        cpuWhenForgiven = null;
    }

    /**
     * Takes one more observation.
     *
     * @param silence without a heartbeat, so far
     * @param runnable whether the kernel has it running, or waiting for a processor
     * @param cpu processor time used since its start
     * @return the part of {@code silence} in which there was no other sign of life
     */
    public Duration observe(Duration silence, boolean runnable, Duration cpu) {
        if (silence.compareTo(last) < 0) {
            heard(); // and fell silent again since the last observation
        }
        last = silence;
        Duration lifeless = silence.minus(forgiven);
        Duration before = cpuWhenForgiven;
        if (before == null) {
            cpuWhenForgiven = cpu;
        }
        boolean busy = before != null
                && cpu.minus(before).multipliedBy(100).compareTo(lifeless.multipliedBy(BUSY_PERCENT)) >= 0;
        if (!runnable && !busy) {
            return lifeless;
        }
        forgiven = silence;
        cpuWhenForgiven = cpu;
        return Duration.ZERO;
    }
}
