package org.vivarium.core.capacity;

/**
 * How much memory there is for more workers, as seen at one moment; decides how many fit.
 *
 * @param freeBytes what can be had before a limit of the container is reached, with what the kernel can forget at once;
 *     {@link #NO_LIMIT} if nothing limits it
 * @param endingBytes what workers hold that are ending: as good as free
 * @param starting workers that start now and may not hold yet what they need
 * @param need what one worker needs
 */
public record MemoryRoom(long freeBytes, long endingBytes, int starting, Need need) {
    /** There is no limit of memory. */
    public static final long NO_LIMIT = -1;

    private static final long BYTES_PER_MEBIBYTE = 1 << 20;

    /**
     * What one worker is known to need.
     *
     * @param bytes 0 if nobody knows
     * @param source how it is known, to end a sentence with
     */
    public record Need(long bytes, String source) {
        /** Nobody knows yet. */
        public static final Need UNKNOWN = new Need(0, "");
    }

    /** Returns how many of {@code wanted} more workers fit; all if there is no limit or nobody knows what they need. */
    public int fitting(int wanted) {
        if (freeBytes == NO_LIMIT || need.bytes() == 0) {
            return wanted;
        }
        long fit = (freeBytes + endingBytes) / need.bytes() - starting;
        return (int) Math.max(0, Math.min(wanted, fit));
    }

    /** Returns why no more fit, as a part of a sentence. */
    public String inWords() {
        String others = starting == 0 ? "" : ", of which %d that are starting take a part".formatted(starting);
        return "a worker needs %d MiB (%s), and %d MiB of the memory of the container are free%s"
                .formatted(
                        need.bytes() / BYTES_PER_MEBIBYTE,
                        need.source(),
                        (freeBytes + endingBytes) / BYTES_PER_MEBIBYTE,
                        others);
    }
}
