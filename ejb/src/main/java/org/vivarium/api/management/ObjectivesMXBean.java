package org.vivarium.api.management;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The service objectives of one pool; registered as {@code vivarium:type=Objectives,pool=<name>}. Each target is a
 * writable attribute besides these, such as {@code prep*.DurationMillis}.
 */
@Description("How well the service objectives of one pool are met; their targets can be changed.")
@AttributeOrder({"WorstLevel", "BudgetLeft", "BurnRate5m", "BurnRate1h", "Objectives"})
public interface ObjectivesMXBean {

    @Description("How well each target of each objective is met.")
    List<ObjectiveRow> getObjectives();

    @Description("Worst level of all: 0 OK, 1 WARNING, 2 CRITICAL; -1 no data.")
    @Unit("level")
    int getWorstLevel();

    @Description(
            "Smallest remaining part of any error budget of the last 24 hours; negative if one is overspent, NaN without data.")
    @Unit("ratio")
    double getBudgetLeft();

    @Description("Highest burn rate of the last 5 minutes: at 1 an error budget is used up exactly; NaN without data.")
    @Unit("ratio")
    double getBurnRate5m();

    @Description("Highest burn rate of the last hour; NaN without data.")
    @Unit("ratio")
    double getBurnRate1h();

    @Description("Saves targets as they are now, so that they hold after a restart, and returns what was saved.")
    @Impact(Impact.Kind.ACTION)
    String save(
            @Description("Names with commas between; empty for all.") @MayBeMissing @Nullable String targets,
            @Description("Why, for the change log; may be empty.") @MayBeMissing @Nullable String reason);

    @Description("Sets targets to what is configured, forgets what was saved of them, and returns what changed.")
    @Impact(Impact.Kind.ACTION)
    String revert(
            @Description("Names with commas between; empty for all.") @MayBeMissing @Nullable String targets,
            @Description("Why, for the change log; may be empty.") @MayBeMissing @Nullable String reason);

    @Description("Lists the targets that differ from what is configured.")
    @Impact(Impact.Kind.INFO)
    String differences();
}
