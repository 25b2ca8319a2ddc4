package org.vivarium.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.HdrHistogram.Histogram;
import org.vivarium.adapter.jmx.ManagementBeans;
import org.vivarium.adapter.jmx.ServiceFacts;
import org.vivarium.api.PythonException;
import org.vivarium.api.PythonPool;
import org.vivarium.api.operation.MetricsFormat;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.core.metrics.Metrics;
import org.vivarium.core.runtime.Operations;
import org.vivarium.core.runtime.VivariumRuntime;

/**
 * A pool under a steady load that is looked at all the time: what the numbers cost in memory, and how long each query
 * takes. A line a minute. Arguments: minutes (default 30), calls per second (default 5000), programs (1 to 100, default
 * 20).
 */
public final class SteadyLoad implements AutoCloseable {
    private static final int WORKERS = 4;
    private static final int CALLERS = 4;
    private static final long LOOK_EVERY_NANOS = 100_000_000;
    private static final int SECONDS = 60;
    private static final int LOOKS_EVERY_SECONDS = 5;
    private static final double MEGABYTE = 1e6;
    private static final String POOL = "default";

    private final Service service;
    private final PoolOperations operations;
    private final ManagementBeans beans;
    private final Map<String, Runnable> queries = new LinkedHashMap<>();
    private final Map<String, Histogram> times = new LinkedHashMap<>();
    private final LongAdder calls = new LongAdder();
    private final Map<String, LongAdder> kinds = new ConcurrentHashMap<>(); // of failures
    private final List<Thread> callers = new ArrayList<>();
    private final ScheduledThreadPoolExecutor jobs = new ScheduledThreadPoolExecutor(1);
    private volatile boolean done;

    private SteadyLoad(Service service) throws JMException {
        this.service = service;
        VivariumRuntime runtime = service.runtime();
        Operations whole = new Operations(runtime);
        operations = whole.pool(POOL);
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ServiceFacts facts = new ServiceFacts("benchmark", "", "", () -> 0, runtime.telemetry(), runtime.metrics());
        beans = new ManagementBeans(
                server,
                whole,
                new ManagementBeans.Stores(runtime.service(), runtime.stores(), runtime.objectives()),
                facts,
                runtime.ticker());
        beans.refresh();
        ObjectName pool = new ObjectName("vivarium:type=Pool,pool=" + POOL);
        query("metrics 1m", () -> operations.numbers().metrics("1m"));
        query("metrics 15m", () -> operations.numbers().metrics("15m"));
        query("range 1h by 5s", () -> range(Duration.ofHours(1), Duration.ofSeconds(5)));
        query("range 24h by 1m", () -> range(Duration.ofHours(24), Duration.ofMinutes(1)));
        query("worker 15m", () -> operations.numbers().worker(oldestWorker(), "15m"));
        query("errors 15m", () -> operations.numbers().errors("15m"));
        query("summary", () -> operations.numbers().summary());
        query("objectives", () -> operations.numbers().objectives());
        query("resources", whole::resources);
        query("prometheus", () -> whole.metrics(MetricsFormat.PROMETHEUS));
        query("jmx", () -> attribute(server, pool, "TotalP99Millis1m"));
    }

    private void query(String name, Runnable query) {
        queries.put(name, query);
        times.put(name, new Histogram(60_000_000_000L, 3));
    }

    private void range(Duration length, Duration step) {
        Instant now = Instant.now();
        operations.numbers().range(now.minus(length), now, step);
    }

    private String oldestWorker() {
        return operations.workers().get(0).id();
    }

    private static void attribute(MBeanServer server, ObjectName name, String attribute) {
        try {
            server.getAttribute(name, attribute);
        } catch (JMException e) {
            throw new IllegalStateException(attribute, e);
        }
    }

    /** Runs everything. */
    public static void main(String[] arguments) throws Exception {
        int minutes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
        int perSecond = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5_000;
        int programs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        Path directory = Files.createTempDirectory("vivarium-benchmark");
        try (InputStream source = SteadyLoad.class.getResourceAsStream("/steady.py")) {
            Files.write(directory.resolve("steady.py"), source.readAllBytes());
        }
        try (Service started = new Service(directory, configuration(directory));
                SteadyLoad load = new SteadyLoad(started)) {
            load.begin(perSecond, programs);
            System.out.printf(
                    "%d minutes, %d calls/s, %d programs, %d workers%n", minutes, perSecond, programs, WORKERS);
            for (int minute = 1; minute <= minutes; minute++) {
                load.look(minute);
            }
            load.print();
        }
    }

    private static String configuration(Path directory) {
        return ("vivarium.pools.default { workers { minimum = %d, maximum = %d }, python { path = [\"%s\"],"
                        + " programs = [steady] },"
                        + " objectives { \"*\" { duration = 30 ms, success-ratio = 0.99, availability = 0.999 },"
                        + " \"p1*\" { duration = 10 ms } } }")
                .formatted(WORKERS, WORKERS, directory);
    }

    private void begin(int perSecond, int programs) {
        VivariumRuntime runtime = service.runtime();
        Future<?> unusedMetrics = jobs.scheduleAtFixedRate(runtime.metrics()::refresh, 1, 1, TimeUnit.SECONDS);
        Future<?> unusedResources =
                jobs.scheduleAtFixedRate(runtime.resources()::sample, 1, LOOKS_EVERY_SECONDS, TimeUnit.SECONDS);
        long pause = TimeUnit.SECONDS.toNanos(1) * CALLERS / perSecond;
        for (int i = 0; i < CALLERS; i++) {
            int first = i;
            Thread caller = new Thread(() -> loop(service.pool(), first, pause, programs));
            callers.add(caller);
            caller.start();
        }
    }

    /** Calls every {@code pause} ns; who is late catches up. */
    private void loop(PythonPool pool, int first, long pause, int programs) {
        long due = System.nanoTime();
        for (long n = first; !done; n += CALLERS) {
            try {
                pool.call("p" + n % programs, Map.of("n", n), Map.class);
            } catch (PythonException e) {
                kinds.computeIfAbsent(e.details().type(), type -> new LongAdder())
                        .increment();
            }
            calls.increment();
            due += pause;
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    /** Asks everything again and again for a minute, then prints a line. */
    private void look(int minute) {
        long before = calls.sum();
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(SECONDS);
        for (long due = start; due < end; due += LOOK_EVERY_NANOS) {
            LockSupport.parkNanos(due - System.nanoTime());
            queries.forEach(this::time);
        }
        double perSecond = (calls.sum() - before) / ((System.nanoTime() - start) / 1e9);
        Metrics metrics = service.runtime().metrics();
        System.gc(); // so that what is left is what is needed
        System.out.printf(
                Locale.ROOT,
                "minute %2d: %5.0f calls/s, %d calls, failed %s; heap %.1f MB; budget %.1f MB: history %.3f,"
                        + " windows %.3f MB; events dropped %d; summary p99 %.1f ms%n",
                minute,
                perSecond,
                calls.sum(),
                kinds,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGABYTE,
                metrics.maximumBytes() / MEGABYTE,
                metrics.historyBytes() / MEGABYTE,
                metrics.recorderBytes() / MEGABYTE,
                service.runtime().telemetry().dropped(),
                millis("summary", 99));
    }

    private void time(String name, Runnable query) {
        long start = System.nanoTime();
        query.run();
        times.get(name).recordValue(System.nanoTime() - start);
    }

    private double millis(String query, double percentile) {
        return times.get(query).getValueAtPercentile(percentile) / 1e6;
    }

    private void print() {
        times.forEach((name, all) -> System.out.printf(
                Locale.ROOT,
                "%-16s p50 %6.2f ms, p99 %6.2f ms, max %6.2f ms of %d%n",
                name,
                millis(name, 50),
                millis(name, 99),
                all.getMaxValue() / 1e6,
                all.getTotalCount()));
    }

    @Override
    public void close() throws IOException {
        done = true;
        callers.forEach(SteadyLoad::join);
        jobs.shutdownNow();
        beans.close();
    }

    private static void join(Thread caller) {
        try {
            caller.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
