package org.vivarium.api.view.worker;

import org.vivarium.api.OneOf;

/**
 * How often one kind of failure was decided about in one way since the pool started.
 *
 * @param failure what happened, such as {@code PROCESS_EXITED}
 * @param decision {@code REPLACE_NOW}, {@code DEGRADE}, {@code RETRY_AFTER}, {@code PACE} or {@code AWAIT_CHANGE}
 */
public record RecoveryCount(
        String failure,

        @OneOf({"REPLACE_NOW", "DEGRADE", "RETRY_AFTER", "PACE", "AWAIT_CHANGE"})
        String decision,

        long count) {}
