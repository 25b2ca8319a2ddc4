package org.vivarium.api.management;

import java.beans.ConstructorProperties;

/** One call that waits or runs, as a row of open types, with the unit in the name; empty for what it does not have. */
public final class CallRow {
    private final String call;
    private final String state;
    private final String program;
    private final String worker;
    private final String session;
    private final String key;
    private final String correlationId;
    private final double totalMillis;
    private final double runningMillis;
    private final double remainingMillis;
    private final double progress;

    /** Takes the values of one row. */
    @ConstructorProperties({
        "call",
        "state",
        "program",
        "worker",
        "session",
        "key",
        "correlationId",
        "totalMillis",
        "runningMillis",
        "remainingMillis",
        "progress"
    })
    public CallRow(
            String call,
            String state,
            String program,
            String worker,
            String session,
            String key,
            String correlationId,
            double totalMillis,
            double runningMillis,
            double remainingMillis,
            double progress) {
        this.call = call;
        this.state = state;
        this.program = program;
        this.worker = worker;
        this.session = session;
        this.key = key;
        this.correlationId = correlationId;
        this.totalMillis = totalMillis;
        this.runningMillis = runningMillis;
        this.remainingMillis = remainingMillis;
        this.progress = progress;
    }

    public String getCall() {
        return call;
    }

    public String getState() {
        return state;
    }

    public String getProgram() {
        return program;
    }

    public String getWorker() {
        return worker;
    }

    public String getSession() {
        return session;
    }

    public String getKey() {
        return key;
    }

    public String getCorrelationId() {
        return correlationId;
    }

    public double getTotalMillis() {
        return totalMillis;
    }

    public double getRunningMillis() {
        return runningMillis;
    }

    public double getRemainingMillis() {
        return remainingMillis;
    }

    public double getProgress() {
        return progress;
    }
}
