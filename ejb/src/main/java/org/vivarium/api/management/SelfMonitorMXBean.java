package org.vivarium.api.management;

import java.beans.ConstructorProperties;

/** How the monitoring itself is doing; registered as {@code vivarium:type=SelfMonitor}. */
@Description(
        "How the monitoring itself is doing: timers, telemetry, metrics, history, change log, configuration, deadlocks.")
@AttributeOrder({"Healthy", "Problems", "LookedAt", "Checks"})
public interface SelfMonitorMXBean {

    @Description("Whether no check has found anything.")
    boolean isHealthy();

    @Description("What was found, one sentence each; nothing if all is well.")
    String[] getProblems();

    @Description("When that was looked at; older than some seconds if the looking itself has stopped.")
    String getLookedAt();

    @Description("All checks, those that have found something first.")
    CheckRow[] getChecks();

    /** One check. */
    final class CheckRow {
        private final String name;
        private final String problem;
        private final String since;

        /** Takes the values. */
        @ConstructorProperties({"name", "problem", "since"})
        public CheckRow(String name, String problem, String since) {
            this.name = name;
            this.problem = problem;
            this.since = since;
        }

        public String getName() {
            return name;
        }

        public String getProblem() {
            return problem;
        }

        public String getSince() {
            return since;
        }
    }
}
