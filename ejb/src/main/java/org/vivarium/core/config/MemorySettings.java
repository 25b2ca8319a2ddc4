package org.vivarium.core.config;

/**
 * What is configured below {@code vivarium.memory}: how many bytes of others' data the service holds at the same time.
 *
 * @param requestBytes of large request bodies, from their first byte to the end of their calls
 * @param resultBytes of large results, from their first byte until their callers have got them
 */
public record MemorySettings(long requestBytes, long resultBytes) {
    /** Fewest bytes of either. */
    public static final long FEWEST_BYTES = 1L << 20;

    /** Most bytes of either. */
    public static final long MOST_BYTES = 64L << 30;

    private static final long LEAST_AUTO = 72L << 20;
    private static final int PART_OF_HEAP = 4;

    /** Returns what {@code auto} means: a quarter of the heap each, but at least 72 MiB, for one frame of 64 MiB. */
    public static long auto() {
        return Math.max(LEAST_AUTO, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    /**
     * Returns {@code bytes}, if a budget may have so many.
     *
     * @throws IllegalArgumentException if not; one sentence says what is allowed
     */
    public static long checkedBytes(long bytes) {
        if (bytes < FEWEST_BYTES || bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "must be from " + FEWEST_BYTES + " to " + MOST_BYTES + " bytes, was " + bytes);
        }
        return bytes;
    }
}
