package org.vivarium.core.config;

/** What a parameter counts or measures; times are held as whole numbers of the unit. */
public enum ParameterUnit {
    WORKERS("workers", 0),
    CALLS("calls", 0),
    FAILURES("failures", 0),
    HEARTBEATS("heartbeats", 0),
    RESTARTS("restarts", 0),
    RETRIES("retries", 0),
    SESSIONS("sessions", 0),
    SLOTS("slots", 0),
    TRANSITIONS("transitions", 0),
    LINES("lines", 0),
    PROGRAMS("programs", 0),
    KEYS("keys", 0),
    ERROR_TYPES("error types", 0),
    DECISIONS("decisions", 0),
    FILES("files", 0),
    TRIES("tries", 0),
    LOGINS("logins", 0),
    SWITCH("", 0),
    CHOICE("", 0),
    TEXT("", 0),
    MICROSECONDS("us", 1_000),
    MILLISECONDS("ms", 1_000_000),
    MEBIBYTES("MiB", 0),
    PERCENT("percent", 0);

    private final String symbol;
    private final long nanosPerUnit;

    ParameterUnit(String symbol, long nanosPerUnit) {
        this.symbol = symbol;
        this.nanosPerUnit = nanosPerUnit;
    }

    /** Returns the unit as operators read it, such as {@code ms}. */
    public String symbol() {
        return symbol;
    }

    /** Returns whether this unit measures time. */
    public boolean isTime() {
        return nanosPerUnit > 0;
    }

    /** Returns {@code amount} of this unit in nanoseconds; 0 if this unit does not measure time. */
    long toNanos(long amount) {
        return Math.multiplyExact(amount, nanosPerUnit);
    }

    /** Returns {@code nanos} in this unit, or -1 if that is not a whole number. */
    long fromNanos(long nanos) {
        return nanos % nanosPerUnit == 0 ? nanos / nanosPerUnit : -1;
    }
}
