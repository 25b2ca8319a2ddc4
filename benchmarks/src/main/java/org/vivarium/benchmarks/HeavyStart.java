package org.vivarium.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.vivarium.core.config.PoolDefinition;
import org.vivarium.core.config.PythonSettings;

/**
 * What a worker costs, in time and memory, when its programs need NumPy, pandas and scikit-learn: forked from a process
 * that has imported them, against a fresh interpreter. Makes a virtual environment of its own the first time.
 * Arguments: forked workers (default 50), spawned workers (default 5).
 */
public final class HeavyStart {
    private static final String MODULES = "numpy, pandas, sklearn";
    private static final List<String> LIBRARIES = List.of("numpy", "pandas", "scikit-learn");
    private static final int KEPT_FORKED = 10;
    private static final int KEPT_SPAWNED = 3;
    private static final long SETTLE_NANOS = 3_000_000_000L; // three heartbeats
    private static final double GOAL_MILLIS = 10;
    private static final double GOAL_MEGABYTES = 5;
    private static final double MEGABYTE = 1e6;
    private static final long KIBIBYTE = 1024;

    private final Service service;

    private HeavyStart(Service service) {
        this.service = service;
    }

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int forked = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50;
        int spawned = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Path root = Path.of(System.getProperty("vivarium.root", "")).toAbsolutePath();
        Path interpreter = VirtualEnvironment.of(root.resolve("benchmarks/target/heavy"), MODULES, LIBRARIES)
                .interpreter();
        Path directory = Files.createTempDirectory("vivarium-benchmark");
        try (InputStream source = HeavyStart.class.getResourceAsStream("/heavy.py")) {
            Files.write(directory.resolve("heavy.py"), source.readAllBytes());
        }
        try (Service service = new Service(directory, configuration(interpreter, directory))) {
            HeavyStart benchmark = new HeavyStart(service);
            System.out.printf(
                    "%s; %d CPUs%n",
                    service.pool("forkserver").call("versions", Map.of(), Map.class),
                    Runtime.getRuntime().availableProcessors());
            benchmark.measure("forkserver", forked, KEPT_FORKED);
            benchmark.measure("spawn", spawned, KEPT_SPAWNED);
            System.out.printf(
                    Locale.ROOT,
                    "goals for forkserver: start p50 <= %.0f ms, private memory <= %.0f MB%n",
                    GOAL_MILLIS,
                    GOAL_MEGABYTES);
        }
    }

    private static String configuration(Path interpreter, Path programs) {
        StringBuilder text = new StringBuilder("vivarium.pools.default = null\n");
        for (String method : List.of("forkserver", "spawn")) {
            text.append("vivarium.pools.").append(method).append(" { workers.lazy = true, python {");
            text.append(" start-method = ").append(method);
            text.append(", interpreter = \"").append(interpreter).append('"');
            text.append(", path = [\"").append(programs).append("\"]");
            text.append(", preload = [numpy, pandas, sklearn, sklearn.linear_model], programs = [heavy] } }\n");
        }
        return text.toString();
    }

    private void measure(String method, int workers, int kept) {
        PythonSettings python = service.runtime().configuration().pools().stream()
                .filter(pool -> pool.name().equals(method))
                .map(PoolDefinition::python)
                .findFirst()
                .orElseThrow();
        WorkerStart.one(service.runtime(), python, "first-" + method).end(); // the imports of the fork server
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            WorkerStart.Started worker = WorkerStart.one(service.runtime(), python, "start-" + method + "-" + i);
            millis.add(worker.millis());
            worker.end();
        }
        System.out.printf("%-10s asked -> ready: %s%n", method, WorkerStart.percentiles(millis));
        System.out.printf("%-10s private memory per idle worker: %s%n", method, memory(python, method, kept));
        System.out.printf("%-10s private memory after a fit:       %s%n", method, afterCall(method));
    }

    private String memory(PythonSettings python, String method, int kept) {
        List<WorkerStart.Started> workers = new ArrayList<>();
        for (int i = 0; i < kept; i++) {
            workers.add(WorkerStart.one(service.runtime(), python, "kept-" + method + "-" + i));
        }
        LockSupport.parkNanos(SETTLE_NANOS);
        List<Double> megabytes = new ArrayList<>();
        for (WorkerStart.Started worker : workers) {
            megabytes.add(privateMegabytes(worker.process().pid()));
        }
        workers.forEach(WorkerStart.Started::end);
        return median(megabytes);
    }

    /** Of the workers of the pool, which has served nobody but us. */
    private String afterCall(String method) {
        double slope = ((Number) service.pool(method)
                        .call("slope", Map.of("points", 1000), Map.class)
                        .get("slope"))
                .doubleValue();
        if (Math.abs(slope - 2) > 1e-9) {
            throw new AssertionError("a line of slope 2 has " + slope);
        }
        return median(service.runtime().pools().get(method).control().workers().stream()
                .filter(worker -> worker.calls() > 0)
                .map(worker -> privateMegabytes(worker.pid()))
                .toList());
    }

    private static String median(List<Double> megabytes) {
        List<Double> sorted = megabytes.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "median %.1f MB, from %.1f to %.1f (n=%d)",
                Rounds.median(sorted),
                sorted.get(0),
                sorted.get(sorted.size() - 1),
                sorted.size());
    }

    /** Returns what no other process has mapped too: memory that ends with this one. */
    private static double privateMegabytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup")).stream()
                            .filter(line -> line.startsWith("Private_Clean:") || line.startsWith("Private_Dirty:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE)
                            .sum()
                    / MEGABYTE;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
