package org.vivarium.core.metrics.objectives;

import org.vivarium.core.config.ObjectiveTarget;

/**
 * How many calls ended in some time, as one objective sees them.
 *
 * @param calls those that count
 * @param failed those of them without a result
 * @param unavailable those of these that failed by a fault of the service
 * @param timed those of the calls whose duration counts
 * @param slow those of these that took longer than the target of their time
 */
record Tally(long calls, long failed, long unavailable, long timed, long slow) {
    /** Returns how many calls count for {@code target}. */
    long all(ObjectiveTarget target) {
        return switch (target) {
            case DURATION, QUANTILE -> timed;
            case SUCCESS_RATIO, AVAILABILITY -> calls;
        };
    }

    /** Returns how many of them missed {@code target}. */
    long bad(ObjectiveTarget target) {
        return switch (target) {
            case DURATION, QUANTILE -> slow;
            case SUCCESS_RATIO -> failed;
            case AVAILABILITY -> unavailable;
        };
    }
}
