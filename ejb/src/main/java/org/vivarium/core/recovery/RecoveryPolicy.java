package org.vivarium.core.recovery;

import java.time.Duration;
import org.vivarium.core.time.Backoff;

/**
 * What to do about a failure, as a table: {@code docs/RECOVERY.md} has it in words. Pure: no clock, no thread, no
 * chance but the one that is passed in.
 */
public final class RecoveryPolicy {
    /** Between two replacements of a crash loop: doubles with each further death. */
    private static final Duration PACE_BASE = Duration.ofMillis(100);

    private static final Duration PACE_MAXIMUM = Duration.ofSeconds(5);

    private RecoveryPolicy() {}

    /** Returns what is to be done about {@code failure} after {@code history}. */
    public static Decision decide(Failure failure, History history, RecoveryLimits limits) {
        String reason = failure.inWords();
        if (failure instanceof Failure.CheckFailed check && check.inARow() < limits.maximumHealthFailures()) {
            return new Decision.Degrade(limits.recheck(), reason);
        }
        if (failure instanceof Failure.ForkRefused) {
            return new Decision.AwaitChange(reason); // it would be refused again
        }
        int beyond = history.crashes() - limits.restartLimit();
        if (failure.isCrash() && beyond > 0) {
            Backoff pace = new Backoff(PACE_BASE, PACE_MAXIMUM, history::chance);
            return new Decision.Pace(pace.after(beyond), crashLoop(failure, limits));
        }
        return restart(failure, history, limits);
    }

    /** Decides when to start another worker, if there is no crash loop. */
    private static Decision restart(Failure failure, History history, RecoveryLimits limits) {
        String reason = failure.inWords();
        Backoff backoff = new Backoff(limits.retryBase(), limits.retryMaximum(), history::chance);
        if (failure instanceof Failure.NoMemory none) {
            return new Decision.RetryAfter(backoff.after(none.inARow()), reason);
        }
        if (history.pause().compareTo(Duration.ZERO) > 0) {
            return new Decision.RetryAfter(history.pause(), reason);
        }
        if (failure instanceof Failure.StartFailed start) {
            return new Decision.RetryAfter(backoff.after(start.inARow()), reason);
        }
        return new Decision.ReplaceNow(reason);
    }

    private static String crashLoop(Failure failure, RecoveryLimits limits) {
        return "more than %d workers died without a call within %d s, the last, %s, %s"
                .formatted(limits.restartLimit(), limits.restartWindow().toSeconds(), failure.worker(), failure.how());
    }

    /**
     * What went before.
     *
     * @param crashes workers that died idle or starting within the restart window, this one included; 0 if this one had
     *     a call
     * @param pause how long earlier decisions still forbid new starts; not positive if they do not
     * @param chance a number in [0, 1) that spreads the waits of those who failed together
     */
    public record History(int crashes, Duration pause, double chance) {}
}
