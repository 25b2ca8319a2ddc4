package org.vivarium.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.vivarium.api.PythonPool;
import org.vivarium.api.view.resources.ProcessView;
import org.vivarium.core.process.cgroup.Cgroup;
import org.vivarium.core.process.cgroup.CgroupSample;
import org.vivarium.core.process.procfs.ProcessSampler;
import org.vivarium.core.resource.ProcessSource;

/**
 * What a look at machine, JVM and all processes costs, and what callers notice of looks without a pause between them.
 * Argument: number of workers (default 8).
 */
public final class ResourceLooks {
    private static final int LOOKS = 200;
    private static final int WARM_UP = 100;
    private static final int CALLS = 20_000;
    private static final int ROUNDS = 5;

    private ResourceLooks() {}

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException {
        int workers = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8;
        String text = "vivarium.pools.default { workers { minimum = " + workers + ", maximum = 256 }, python {"
                + " path = [${vivarium.python.examples}], programs = [vivarium_examples] } }";
        try (Service service = new Service(Files.createTempDirectory("vivarium-benchmark"), text)) {
            measure(service, workers);
        }
    }

    private static void measure(Service service, int workers) {
        Runnable look = service.runtime().resources()::sample;
        repeat(WARM_UP, unused -> look.run());
        System.out.printf(
                "%d workers, %d processes on the machine%n",
                workers, ProcessHandle.allProcesses().count());
        report("a look, all looked at anew", repeat(LOOKS, unused -> look.run()));
        report("a look, workers just seen", repeat(LOOKS, unused -> {
            service.runtime().pools().values().forEach(pool -> pool.checkResources());
            long start = System.nanoTime();
            look.run();
            SPENT.set(System.nanoTime() - start);
        }));
        parts(service);
        callers(service, look);
    }

    /** How long the last task took, if it says so itself. */
    private static final ThreadLocal<Long> SPENT = new ThreadLocal<>();

    private static void parts(Service service) {
        ProcessSampler sampler = ProcessSampler.ofThisMachine();
        List<Long> pids = service.runtime().resources().view().processes().stream()
                .map(ProcessView::pid)
                .toList();
        long guardian = pids.get(0);
        ProcessSource source = ProcessSource.ofThisMachine(Cgroup.ofThisProcess()::sample);
        report(
                "- the search for descendants",
                repeat(LOOKS, unused -> source.family().below(guardian)));
        report("- the container", repeat(LOOKS, i -> {
            CgroupSample unused = source.cgroup().get();
        }));
        report("- one process", repeat(LOOKS, i -> sampler.sample(pids.get((int) (i % pids.size())), null, false)));
        report(
                "- one process with private memory",
                repeat(LOOKS, i -> sampler.sample(pids.get((int) (i % pids.size())), null, true)));
    }

    /** Compares calls of one caller without and with looks one after the other, by turns. */
    private static void callers(Service service, Runnable look) {
        PythonPool pool = service.pool();
        repeat(CALLS, unused -> pool.call("echo", Map.of(), Map.class));
        for (int round = 0; round < ROUNDS; round++) {
            report("calls, no looks", repeat(CALLS, unused -> pool.call("echo", Map.of(), Map.class)));
            AtomicBoolean enough = new AtomicBoolean();
            Thread looking = Service.daemon(() -> {
                while (!enough.get()) {
                    look.run();
                }
            });
            looking.start();
            report("calls, a look all the time", repeat(CALLS, unused -> pool.call("echo", Map.of(), Map.class)));
            enough.set(true);
            join(looking);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns how long each took, in nanoseconds, sorted. */
    private static long[] repeat(int times, LongConsumer task) {
        long[] nanos = new long[times];
        for (int i = 0; i < times; i++) {
            SPENT.remove();
            long start = System.nanoTime();
            task.accept(i);
            long all = System.nanoTime() - start;
            nanos[i] = SPENT.get() == null ? all : SPENT.get();
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private static void report(String what, long[] nanos) {
        System.out.printf(
                "  %-36s p50 %,9.1f us   p99 %,9.1f us   max %,9.1f us%n",
                what,
                nanos[nanos.length / 2] / 1e3,
                nanos[nanos.length - 1 - nanos.length / 100] / 1e3,
                nanos[nanos.length - 1] / 1e3);
    }
}
