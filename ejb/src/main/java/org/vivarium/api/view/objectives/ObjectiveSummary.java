package org.vivarium.api.view.objectives;

import org.vivarium.api.ObjectiveLevel;

/** The worst among all objectives of a pool, each number by itself; NaN if there is none, or no calls. */
public record ObjectiveSummary(ObjectiveLevel level, double budgetLeft, double burnRate5m, double burnRate1h) {
    /** No objectives. */
    public static final ObjectiveSummary NONE =
            new ObjectiveSummary(ObjectiveLevel.NO_DATA, Double.NaN, Double.NaN, Double.NaN);
}
