package org.vivarium.api.management;

import java.beans.ConstructorProperties;

/** One worker as a row of open types, with the unit in the name. */
public final class WorkerRow {
    private final String worker;
    private final long pid;
    private final int generation;
    private final String state;
    private final String health;
    private final int slots;
    private final int busySlots;
    private final long calls;
    private final long errors;
    private final double ageSeconds;
    private final long rssBytes;
    private final long privateBytes;
    private final long cpuMillis;

    /** Takes the values of one row. */
    @ConstructorProperties({
        "worker",
        "pid",
        "generation",
        "state",
        "health",
        "slots",
        "busySlots",
        "calls",
        "errors",
        "ageSeconds",
        "rssBytes",
        "privateBytes",
        "cpuMillis"
    })
    public WorkerRow(
            String worker,
            long pid,
            int generation,
            String state,
            String health,
            int slots,
            int busySlots,
            long calls,
            long errors,
            double ageSeconds,
            long rssBytes,
            long privateBytes,
            long cpuMillis) {
        this.worker = worker;
        this.pid = pid;
        this.generation = generation;
        this.state = state;
        this.health = health;
        this.slots = slots;
        this.busySlots = busySlots;
        this.calls = calls;
        this.errors = errors;
        this.ageSeconds = ageSeconds;
        this.rssBytes = rssBytes;
        this.privateBytes = privateBytes;
        this.cpuMillis = cpuMillis;
    }

    public String getWorker() {
        return worker;
    }

    public long getPid() {
        return pid;
    }

    public int getGeneration() {
        return generation;
    }

    public String getState() {
        return state;
    }

    public String getHealth() {
        return health;
    }

    public int getSlots() {
        return slots;
    }

    public int getBusySlots() {
        return busySlots;
    }

    public long getCalls() {
        return calls;
    }

    public long getErrors() {
        return errors;
    }

    public double getAgeSeconds() {
        return ageSeconds;
    }

    public long getRssBytes() {
        return rssBytes;
    }

    public long getPrivateBytes() {
        return privateBytes;
    }

    public long getCpuMillis() {
        return cpuMillis;
    }
}
