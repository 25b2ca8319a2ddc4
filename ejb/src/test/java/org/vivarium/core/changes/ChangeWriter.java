package org.vivarium.core.changes;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.vivarium.api.Actor;
import org.vivarium.core.state.StateStore;

/** Records changes from several threads in a JVM of its own, to be killed; prints a line once one is recorded. */
public final class ChangeWriter {
    static final ChangeLog.Limits SMALL = new ChangeLog.Limits(20_000, 5);
    private static final int THREADS = 4;

    private ChangeWriter() {}

    public static void main(String... arguments) {
        Path home = Path.of(arguments[0]);
        ChangeLog log = new ChangeLog(home, new StateStore(home), InstantSource.system(), SMALL);
        AtomicInteger next = new AtomicInteger();
        IntStream.range(0, THREADS)
                .forEach(thread -> new Thread(() -> {
                            while (true) {
                                int number = next.incrementAndGet();
                                log.record(Change.of(new Actor(arguments[1], "java"), "count", null)
                                        .from(null, number));
                                synchronized (next) {
                                    System.out.println(number);
                                }
                            }
                        })
                        .start());
    }
}
