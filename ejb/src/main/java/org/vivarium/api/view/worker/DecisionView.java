package org.vivarium.api.view.worker;

import java.time.Instant;
import org.vivarium.api.OneOf;

/**
 * What was decided about one failure of a worker.
 *
 * @param failure what happened, such as {@code PROCESS_EXITED}
 * @param decision {@code REPLACE_NOW}, {@code DEGRADE}, {@code RETRY_AFTER}, {@code PACE} or {@code AWAIT_CHANGE}
 * @param delayMillis how long until the next step; 0 if it is taken at once
 * @param reason why, in one line
 */
public record DecisionView(
        Instant at,
        String worker,
        String failure,

        @OneOf({"REPLACE_NOW", "DEGRADE", "RETRY_AFTER", "PACE", "AWAIT_CHANGE"})
        String decision,

        double delayMillis,
        String reason) {}
