package org.vivarium.core.process.output;

/** How much of what one process prints and logs may go into the server's log, per second. */
public record OutputLimits(int lines, int bytes) {
    /** For processes that no pool owns. */
    static final OutputLimits DEFAULT = new OutputLimits(1_000, 1 << 20);
}
