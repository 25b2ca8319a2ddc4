package org.vivarium.api.management;

import java.beans.ConstructorProperties;

/** One change as a row of open types. */
public final class ChangeRow {
    private final long sequence;
    private final String time;
    private final String who;
    private final String what;
    private final String oldValue;
    private final String newValue;
    private final String outcome;

    /** Takes the values of one row. */
    @ConstructorProperties({"sequence", "time", "who", "what", "oldValue", "newValue", "outcome"})
    public ChangeRow(
            long sequence, String time, String who, String what, String oldValue, String newValue, String outcome) {
        this.sequence = sequence;
        this.time = time;
        this.who = who;
        this.what = what;
        this.oldValue = oldValue;
        this.newValue = newValue;
        this.outcome = outcome;
    }

    public long getSequence() {
        return sequence;
    }

    public String getTime() {
        return time;
    }

    public String getWho() {
        return who;
    }

    public String getWhat() {
        return what;
    }

    public String getOldValue() {
        return oldValue;
    }

    public String getNewValue() {
        return newValue;
    }

    public String getOutcome() {
        return outcome;
    }
}
