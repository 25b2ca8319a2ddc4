package org.vivarium.api.management;

import java.beans.ConstructorProperties;

/** One target of an objective as a row of open types; a duration is in milliseconds. */
public final class ObjectiveRow {
    private final String objective;
    private final String indicator;
    private final String level;
    private final double target;
    private final double quantile;
    private final double value;
    private final double used;
    private final long samples;
    private final double budgetLeft;
    private final double burnRate5m;
    private final double burnRate1h;

    /** Takes the values of one row. */
    @ConstructorProperties({
        "objective",
        "indicator",
        "level",
        "target",
        "quantile",
        "value",
        "used",
        "samples",
        "budgetLeft",
        "burnRate5m",
        "burnRate1h"
    })
    public ObjectiveRow(
            String objective,
            String indicator,
            String level,
            double target,
            double quantile,
            double value,
            double used,
            long samples,
            double budgetLeft,
            double burnRate5m,
            double burnRate1h) {
        this.objective = objective;
        this.indicator = indicator;
        this.level = level;
        this.target = target;
        this.quantile = quantile;
        this.value = value;
        this.used = used;
        this.samples = samples;
        this.budgetLeft = budgetLeft;
        this.burnRate5m = burnRate5m;
        this.burnRate1h = burnRate1h;
    }

    public String getObjective() {
        return objective;
    }

    public String getIndicator() {
        return indicator;
    }

    public String getLevel() {
        return level;
    }

    public double getTarget() {
        return target;
    }

    public double getQuantile() {
        return quantile;
    }

    public double getValue() {
        return value;
    }

    public double getUsed() {
        return used;
    }

    public long getSamples() {
        return samples;
    }

    public double getBudgetLeft() {
        return budgetLeft;
    }

    public double getBurnRate5m() {
        return burnRate5m;
    }

    public double getBurnRate1h() {
        return burnRate1h;
    }
}
