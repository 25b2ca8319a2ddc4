package org.vivarium.core.process.cgroup;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.time.Ticker;

/**
 * Notices that the kernel kills for memory, so that a process that was killed by nobody of ours has a cause to name.
 * Thread safe.
 */
public final class MemoryKills {
    /** One kill may end several processes, and their ends are reported one after the other. */
    static final Duration LATELY = Duration.ofSeconds(2);

    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};
    private static final long STEP = 1_024;

    private final Cgroup cgroup;
    private final Ticker ticker;
    private long counted;
    private boolean ever;
    private long riseNanos;

    /** Counts from now on. */
    public MemoryKills(Cgroup cgroup, Ticker ticker) {
        this.cgroup = cgroup;
        this.ticker = ticker;
        this.counted = cgroup.memoryKills();
    }

    /** Looks at the group now, and notes what was killed since the last look. */
    public synchronized CgroupSample sample() {
        CgroupSample now = cgroup.sample();
        count(now.memoryKills());
        return now;
    }

    private void count(long kills) {
        if (kills > counted) {
            ever = true;
            riseNanos = ticker.nanos();
        }
        counted = kills;
    }

    /**
     * Looks at once at why a process may have ended by SIGKILL.
     *
     * @return such as {@code was killed by the kernel for memory, limit 2 GiB}; {@code null} if the kernel has killed
     *     nothing since the last look or within the {@link #LATELY last 2 s}
     */
    public synchronized @Nullable String cause() {
        count(cgroup.memoryKills());
        if (!ever || ticker.nanos() - riseNanos > LATELY.toNanos()) {
            return null;
        }
        CgroupSample now = cgroup.sample();
        return "was killed by the kernel for memory, "
                + (now.limitsMemory()
                        ? "limit " + inWords(now.memoryLimitBytes())
                        : "no limit but that of the machine");
    }

    /** Returns {@code bytes} in the largest unit of which it is a whole number. */
    static String inWords(long bytes) {
        long amount = bytes;
        String unit = "bytes";
        for (String larger : UNITS) {
            if (amount == 0 || amount % STEP != 0) {
                break;
            }
            amount /= STEP;
            unit = larger;
        }
        return amount + " " + unit;
    }
}
