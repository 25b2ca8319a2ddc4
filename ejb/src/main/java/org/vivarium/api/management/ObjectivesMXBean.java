package org.vivarium.api.management;

import java.util.List;

/**
 * The service objectives of one pool; registered as {@code vivarium:type=Objectives,pool=<name>}. Each target is a
 * writable attribute besides these, such as {@code prep*.DurationMillis}.
 */
@Description("How well the service objectives of one pool are kept; their targets can be changed.")
public interface ObjectivesMXBean {

    @Description("How well each target of each objective is kept.")
    List<ObjectiveRow> getObjectives();

    @Description("Worst level of all: 0 OK, 1 WARNING, 2 CRITICAL; -1 no data.")
    @Unit("level")
    int getWorstLevel();

    @Description(
            "Least part that is left of an error budget, of the last 24 hours; negative if more went wrong than may, NaN without data.")
    @Unit("ratio")
    double getBudgetLeft();

    @Description("Highest burn rate of the last 5 minutes: 1 uses an error budget up exactly; NaN without data.")
    @Unit("ratio")
    double getBurnRate5m();

    @Description("Highest burn rate of the last hour; NaN without data.")
    @Unit("ratio")
    double getBurnRate1h();
}
