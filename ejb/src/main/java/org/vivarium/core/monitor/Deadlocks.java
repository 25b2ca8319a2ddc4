package org.vivarium.core.monitor;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Asks the JVM for threads that wait for one another, ours and those of everybody else in the server. */
public final class Deadlocks implements Supplier<String> {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    @Override
    public String get() {
        long[] locked = threads.findDeadlockedThreads();
        return locked == null
                ? ""
                : "threads wait for one another for ever: "
                        + Arrays.stream(threads.getThreadInfo(locked))
                                .filter(Objects::nonNull)
                                .map(Deadlocks::words)
                                .collect(Collectors.joining("; "));
    }

    private static String words(ThreadInfo thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return "%s waits for %s, which %s has"
                        .formatted(thread.getThreadName(), thread.getLockName(), thread.getLockOwnerName())
                + (stack.length == 0 ? "" : " (" + stack[0] + ')');
    }
}
