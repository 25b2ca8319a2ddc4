package org.vivarium.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.vivarium.api.Actor;
import org.vivarium.api.WorkerState;
import org.vivarium.core.pool.SupervisedPool;

/** Workers are recycled one after the other while three callers call without end. Argument: recycles (default 1000). */
public final class RecyclesUnderLoad {
    private static final int WORKERS = 6;
    private static final int CALLERS = 3;

    private RecyclesUnderLoad() {}

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int recycles = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        List<Double> taken = new ArrayList<>();
        int[] lowest = {WORKERS};
        try (Service service = new Service(Files.createTempDirectory("vivarium-benchmark"), WORKERS);
                Load load = new Load(service.pool(), CALLERS)) {
            SupervisedPool pool = service.runtime().pools().get("default");
            long descriptors = Load.openDescriptors();
            for (int i = 0; i < recycles; i++) {
                String old = oldest(pool);
                long since = System.nanoTime();
                pool.control().recycle(old, Actor.SERVICE);
                Load.await("the end of " + old, () -> {
                    lowest[0] = Math.min(lowest[0], pool.control().view().ready());
                    return pool.control().worker(old).state() == WorkerState.TERMINATED;
                });
                taken.add((System.nanoTime() - since) / 1e6);
            }
            System.out.printf("%d recycles, %d workers, %d callers%n", recycles, WORKERS, CALLERS);
            System.out.printf("calls %d, failed %d%n", load.calls(), load.failures());
            System.out.println("asked -> old worker gone: " + Load.percentiles(taken));
            System.out.printf(
                    "lowest number of ready workers seen %d of %d; descriptors before %d, after %d; zombies %d%n",
                    lowest[0], WORKERS, descriptors, Load.openDescriptors(), Load.zombies());
        }
    }

    private static String oldest(SupervisedPool pool) {
        return pool.control().workers().stream()
                .filter(worker -> worker.state() == WorkerState.READY || worker.state() == WorkerState.BUSY)
                .findFirst()
                .orElseThrow()
                .id();
    }
}
