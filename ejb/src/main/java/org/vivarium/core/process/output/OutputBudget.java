package org.vivarium.core.process.output;

import java.time.Duration;

/** Counts the output of one process second by second, and what was dropped. Not thread safe. */
final class OutputBudget {
    private static final long WINDOW_NANOS = Duration.ofSeconds(1).toNanos();

    private final OutputLimits limits;
    private long beganNanos;
    private int lines;
    private int bytes;
    private long droppedLines;
    private long droppedBytes;

    OutputBudget(OutputLimits limits, long nowNanos) {
        this.limits = limits;
        this.beganNanos = nowNanos;
    }

    /** Returns whether one more line of {@code size} bytes fits into this second; counts it as dropped if not. */
    boolean admits(int size, long nowNanos) {
        if (nowNanos - beganNanos >= WINDOW_NANOS) {
            beganNanos = nowNanos;
            lines = 0;
            bytes = 0;
        }
        if (lines >= limits.lines() || size > limits.bytes() - bytes) {
            drop(size);
            return false;
        }
        lines++;
        bytes += size;
        return true;
    }

    /** Counts a line of {@code size} bytes as dropped. */
    void drop(int size) {
        droppedLines++;
        droppedBytes += size;
    }

    /** Returns what was dropped since the last time that this was asked. */
    Dropped takeDropped() {
        Dropped taken = new Dropped(droppedLines, droppedBytes);
        droppedLines = 0;
        droppedBytes = 0;
        return taken;
    }

    /** What was dropped. */
    record Dropped(long lines, long bytes) {
        static final Dropped NOTHING = new Dropped(0, 0);

        Dropped plus(Dropped other) {
            return new Dropped(lines + other.lines, bytes + other.bytes);
        }
    }
}
