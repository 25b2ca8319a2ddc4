package org.vivarium.api.management;

import java.beans.ConstructorProperties;

/** One process as a row of open types, with the unit in the name. */
public final class ProcessRow {
    private final long pid;
    private final long parent;
    private final String role;
    private final String name;
    private final String worker;
    private final String state;
    private final String started;
    private final long rssBytes;
    private final long privateBytes;
    private final long cpuMillis;
    private final double cpuPercent;
    private final int threads;
    private final int openDescriptors;
    private final double growthBytesPerMinute;
    private final boolean growing;

    /** Takes the values of one row. */
    @ConstructorProperties({
        "pid",
        "parent",
        "role",
        "name",
        "worker",
        "state",
        "started",
        "rssBytes",
        "privateBytes",
        "cpuMillis",
        "cpuPercent",
        "threads",
        "openDescriptors",
        "growthBytesPerMinute",
        "growing"
    })
    public ProcessRow(
            long pid,
            long parent,
            String role,
            String name,
            String worker,
            String state,
            String started,
            long rssBytes,
            long privateBytes,
            long cpuMillis,
            double cpuPercent,
            int threads,
            int openDescriptors,
            double growthBytesPerMinute,
            boolean growing) {
        this.pid = pid;
        this.parent = parent;
        this.role = role;
        this.name = name;
        this.worker = worker;
        this.state = state;
        this.started = started;
        this.rssBytes = rssBytes;
        this.privateBytes = privateBytes;
        this.cpuMillis = cpuMillis;
        this.cpuPercent = cpuPercent;
        this.threads = threads;
        this.openDescriptors = openDescriptors;
        this.growthBytesPerMinute = growthBytesPerMinute;
        this.growing = growing;
    }

    public long getPid() {
        return pid;
    }

    public long getParent() {
        return parent;
    }

    public String getRole() {
        return role;
    }

    public String getName() {
        return name;
    }

    public String getWorker() {
        return worker;
    }

    public String getState() {
        return state;
    }

    public String getStarted() {
        return started;
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

    public double getCpuPercent() {
        return cpuPercent;
    }

    public int getThreads() {
        return threads;
    }

    public int getOpenDescriptors() {
        return openDescriptors;
    }

    public double getGrowthBytesPerMinute() {
        return growthBytesPerMinute;
    }

    public boolean isGrowing() {
        return growing;
    }
}
