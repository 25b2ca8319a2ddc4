package org.vivarium.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vivarium.api.Actor;
import org.vivarium.api.WorkerState;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.pool.SupervisedPool;
import org.vivarium.core.runtime.Operations;

/**
 * Idle workers are killed one after the other while callers call without end. Arguments: kills (default 1000);
 * megabytes that a worker of another pool prints, again and again, meanwhile (default 0); callers (default 3).
 */
public final class KillsUnderLoad {
    private static final int WORKERS = 6;
    private static final int CALLERS_UNLESS_SAID = 3;

    private static final String POOLS = """
            vivarium.pools.default {
              workers { minimum = %d, maximum = 64 }
              python { path = [${vivarium.python.examples}], programs = [vivarium_examples] }
            }
            vivarium.pools.noisy {
              workers { minimum = 1, maximum = 1 }
              python { path = [${vivarium.python.examples}], programs = [vivarium_examples] }
            }
            """.formatted(WORKERS);

    private final SupervisedPool pool;
    private final Load load;
    private final List<Double> detected = new ArrayList<>();
    private final List<Double> restored = new ArrayList<>();

    private KillsUnderLoad(SupervisedPool pool, Load load) {
        this.pool = pool;
        this.load = load;
    }

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int kills = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        int megabytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
        int callers = arguments.length > 2 ? Integer.parseInt(arguments[2]) : CALLERS_UNLESS_SAID;
        try (Service service = new Service(Files.createTempDirectory("vivarium-benchmark"), POOLS);
                Flood flood = new Flood(service.pool("noisy"), megabytes)) {
            new Operations(service.runtime())
                    .pool("default")
                    .configure(Map.of("RestartLimit", 1000, "RestartWindowMillis", 1000), Actor.SERVICE);
            SupervisedPool pool = service.runtime().pools().get("default");
            Load load = new Load(service.pool(), callers);
            KillsUnderLoad benchmark = new KillsUnderLoad(pool, load);
            try (load) {
                benchmark.kill(); // what is opened only once is open now
                long descriptors = Load.openDescriptors();
                long processes = ProcessHandle.current().descendants().count();
                benchmark.detected.clear();
                benchmark.restored.clear();
                for (int i = 0; i < kills; i++) {
                    benchmark.kill();
                }
                benchmark.print(descriptors, processes);
                System.out.println(flood.summary(
                        service.runtime().pools().get("noisy").control().view()));
            }
        }
        System.out.printf(
                "processes left after the end: %d%n",
                ProcessHandle.current()
                        .descendants()
                        .filter(ProcessHandle::isAlive)
                        .count());
    }

    private void kill() {
        String[] victim = new String[1];
        long[] since = new long[1];
        load.between(() -> {
            WorkerView idle = pool.control().workers().stream()
                    .filter(worker -> worker.state() == WorkerState.READY)
                    .findFirst()
                    .orElseThrow();
            victim[0] = idle.id();
            since[0] = System.nanoTime();
            ProcessHandle.of(idle.pid()).orElseThrow().destroyForcibly();
        });
        Load.await(
                "the death of " + victim[0],
                () -> pool.control().worker(victim[0]).state() == WorkerState.TERMINATED);
        detected.add((System.nanoTime() - since[0]) / 1e6);
        Load.await("its replacement", () -> pool.control().view().ready() == WORKERS);
        restored.add((System.nanoTime() - since[0]) / 1e6);
    }

    private void print(long descriptors, long processes) throws IOException {
        System.out.printf(
                "%d kills of idle workers, %d workers, %d callers%n", detected.size(), WORKERS, load.callers());
        System.out.printf("calls %d, failed %d%n", load.calls(), load.failures());
        System.out.println("killed -> noticed:       " + Load.percentiles(detected));
        System.out.println("killed -> capacity back: " + Load.percentiles(restored));
        System.out.printf(
                "descriptors before %d, after %d; processes before %d, after %d; zombies %d%n",
                descriptors,
                Load.openDescriptors(),
                processes,
                ProcessHandle.current().descendants().count(),
                Load.zombies());
    }
}
