package org.vivarium.api.view;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What a pool has counted since it started, or since an operator reset its statistics. {@link Counter} says what each
 * number is.
 */
public record PoolTotals(
        long calls,
        long errors,
        long cancelled,
        long timeouts,
        long rejected,
        long retries,
        long resolved,
        long unresolved,
        long started,
        long died,
        long recycled,
        long recoveries,
        long droppedLines) {
    /** Nothing counted yet. */
    public static final PoolTotals NONE = counted(counter -> 0);

    /** Returns the totals that {@code count} returns for each counter. */
    public static PoolTotals counted(ToLongFunction<Counter> count) {
        return new PoolTotals(
                count.applyAsLong(Counter.CALLS),
                count.applyAsLong(Counter.ERRORS),
                count.applyAsLong(Counter.CANCELLED),
                count.applyAsLong(Counter.TIMEOUTS),
                count.applyAsLong(Counter.REJECTED),
                count.applyAsLong(Counter.RETRIES),
                count.applyAsLong(Counter.RESOLVED),
                count.applyAsLong(Counter.UNRESOLVED),
                count.applyAsLong(Counter.STARTED),
                count.applyAsLong(Counter.DIED),
                count.applyAsLong(Counter.RECYCLED),
                count.applyAsLong(Counter.RECOVERIES),
                count.applyAsLong(Counter.DROPPED_LINES));
    }

    /** Returns how far {@code counter} has come. */
    public long of(Counter counter) {
        return counter.read.applyAsLong(this);
    }

    /** Returns what was counted since {@code earlier}. */
    public PoolTotals since(PoolTotals earlier) {
        return counted(counter -> of(counter) - earlier.of(counter));
    }

    /** What a pool counts, each described once: metrics, JMX and documents are derived from here. */
    @SuppressWarnings("ImmutableEnumChecker") // its functions keep nothing
    public enum Counter {
        /** Calls. */
        CALLS(PoolTotals::calls, "Calls that ended, successfully or not, since the pool started."),
        /** Those that failed. */
        ERRORS(PoolTotals::errors, "Calls that failed, for any reason; cancelled calls excluded."),
        /** Those that somebody wanted to end. */
        CANCELLED(PoolTotals::cancelled, "Calls that were cancelled or interrupted; they do not count as errors."),
        /** Those that were too late. */
        TIMEOUTS(PoolTotals::timeouts, "Calls that failed because a deadline passed."),
        /** Those that found no place. */
        REJECTED(PoolTotals::rejected, "Calls that were refused because the queue was full."),
        /** Further attempts. */
        RETRIES(PoolTotals::retries, "Retries of calls after a failure; the call itself is counted once."),
        /** Failures that nobody noticed. */
        RESOLVED(PoolTotals::resolved, "Calls that succeeded after at least one attempt had failed."),
        /** Failures in spite of it. */
        UNRESOLVED(PoolTotals::unresolved, "Calls that failed although they were attempted more than once."),
        /** New workers. */
        STARTED(PoolTotals::started, "Workers that became ready."),
        /** Lost workers. */
        DIED(
                PoolTotals::died,
                "Workers that were lost: they ended by themselves, or the pool terminated them for a failure."),
        /** Workers that had to go. */
        RECYCLED(PoolTotals::recycled, "Workers that were replaced on purpose."),
        /** Replacements of lost workers. */
        RECOVERIES(PoolTotals::recoveries, "How often a worker entered service in place of one that was lost."),
        /** Output that found no place. */
        DROPPED_LINES(
                PoolTotals::droppedLines,
                "Lines that workers printed or logged and that were dropped, because they were too many a second.");

        private final ToLongFunction<PoolTotals> read;
        private final String description;

        Counter(ToLongFunction<PoolTotals> read, String description) {
            this.read = read;
            this.description = description;
        }

        /** Returns its name in JMX, such as {@code Calls}. */
        public String attribute() {
            return Arrays.stream(name().split("_", -1))
                    .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining());
        }

        /** Returns what it counts, in a sentence. */
        public String description() {
            return description;
        }
    }
}
