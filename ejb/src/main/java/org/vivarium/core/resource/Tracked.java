package org.vivarium.core.resource;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.ProcessRole;
import org.vivarium.api.event.EventType;
import org.vivarium.core.process.procfs.ProcessSample;
import org.vivarium.core.process.procfs.TimedSample;

/** One process from its first sample to its last. Belongs to the sampling thread. */
final class Tracked {
    /** Slower growth is not worth a word. */
    static final double LEAST_GROWTH = 1 << 20;

    private static final double NANOS_PER_MILLI = 1e6;
    private static final int PERCENT = 100;

    private final Trend growth = new Trend();
    private final Map<EventType, Integer> inARow = new EnumMap<>(EventType.class);
    private TimedSample last;
    private double cpuPercent = Double.NaN;
    private ProcessRole role = ProcessRole.CHILD;
    private boolean becameOrphan;
    private @Nullable Owner owner;

    Tracked(TimedSample first) {
        last = first;
        growth.add(first.nanos(), (double) first.sample().rssBytes());
    }

    ProcessSample sample() {
        return last.sample();
    }

    /** Takes what is seen of the same process now; nothing if that is what was seen last. */
    void saw(TimedSample now) {
        long nanos = now.nanos() - last.nanos();
        if (nanos > 0) {
            long used = now.sample().cpuMillis() - last.sample().cpuMillis();
            cpuPercent = Math.max(0, used) / (nanos / NANOS_PER_MILLI) * PERCENT;
            last = now;
            growth.add(now.nanos(), (double) now.sample().rssBytes());
        }
    }

    /** Returns at how many looks in a row {@code holds} was true, this one included; to be called at each. */
    int inARow(EventType type, boolean holds) {
        int times = holds ? inARow.getOrDefault(type, 0) + 1 : 0;
        inARow.put(type, times);
        return times;
    }

    void is(ProcessRole now) {
        becameOrphan = now == ProcessRole.ORPHAN && role != ProcessRole.ORPHAN;
        role = now;
    }

    /** Returns whether it is an orphan, and was none in the previous sample. */
    boolean becameOrphan() {
        return becameOrphan;
    }

    ProcessRole role() {
        return role;
    }

    /** Notes to whom it belongs; that is remembered when it is left behind. */
    void belongsTo(Owner worker) {
        owner = worker;
    }

    @Nullable Owner owner() {
        return owner;
    }

    /** Returns the processor time between the last two looks, 100 for one processor; NaN after the first. */
    double cpuPercent() {
        return cpuPercent;
    }

    /** Returns the trend of resident memory, in bytes; NaN while it is too young. */
    double growthPerMinute() {
        return growth.perMinute();
    }

    boolean isGrowing() {
        return growth.isSteady() && growth.perMinute() >= LEAST_GROWTH;
    }
}
