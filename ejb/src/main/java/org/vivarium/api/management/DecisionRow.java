package org.vivarium.api.management;

import java.beans.ConstructorProperties;

/** One decision about a failure of a worker as a row of open types, with the unit in the name. */
public final class DecisionRow {
    private final String at;
    private final String worker;
    private final String failure;
    private final String decision;
    private final double delayMillis;
    private final String reason;

    /** Takes the values of one row. */
    @ConstructorProperties({"at", "worker", "failure", "decision", "delayMillis", "reason"})
    public DecisionRow(String at, String worker, String failure, String decision, double delayMillis, String reason) {
        this.at = at;
        this.worker = worker;
        this.failure = failure;
        this.decision = decision;
        this.delayMillis = delayMillis;
        this.reason = reason;
    }

    public String getAt() {
        return at;
    }

    public String getWorker() {
        return worker;
    }

    public String getFailure() {
        return failure;
    }

    public String getDecision() {
        return decision;
    }

    public double getDelayMillis() {
        return delayMillis;
    }

    public String getReason() {
        return reason;
    }
}
