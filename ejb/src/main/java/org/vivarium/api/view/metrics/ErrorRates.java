package org.vivarium.api.view.metrics;

import java.util.List;
import org.vivarium.api.OneOf;

/**
 * The failures of a pool in a window.
 *
 * @param window {@code 1m}, {@code 5m} or {@code 15m}
 * @param seconds what the window really covers
 * @param calls calls that ended
 * @param errors those of them that failed; a call that was cancelled has not
 * @param errorRate errors by calls; NaN without calls
 * @param kinds the most frequent first
 */
public record ErrorRates(
        @OneOf({"1m", "5m", "15m"}) String window,
        double seconds,
        long calls,
        long errors,
        double errorRate,
        List<ErrorCount> kinds) {}
