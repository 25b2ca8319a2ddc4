package org.vivarium.api.view.objectives;

import org.vivarium.api.ObjectiveLevel;
import org.vivarium.api.OneOf;

/**
 * How well one target of an objective is kept.
 *
 * @param objective which programs it is about: a name, the beginning of names with {@code *} after it, or {@code *}
 * @param indicator {@code duration}, {@code success-ratio} or {@code availability}
 * @param target milliseconds for a duration, else the part of the calls
 * @param quantile the part of the calls that has to keep a duration; NaN for the others
 * @param value of a duration the quantile of the last 5 minutes in milliseconds, else the part of the calls of the last
 *     hour that kept the target; NaN without calls
 * @param used how much of the target is used up, 1 being all of it; {@code level} follows from it
 * @param samples how many calls {@code value} is made of
 * @param budgetLeft the part that is left of what may go wrong in 24 hours; negative if more did
 * @param burnRate5m how many times faster than allowed calls missed the target in the last 5 minutes
 * @param burnRate1h burn rate over the last hour
 */
public record ObjectiveView(
        String objective,

        @OneOf({"duration", "success-ratio", "availability"})
        String indicator,

        double target,
        double quantile,
        double value,
        double used,
        ObjectiveLevel level,
        long samples,
        double budgetLeft,
        double burnRate5m,
        double burnRate1h) {}
