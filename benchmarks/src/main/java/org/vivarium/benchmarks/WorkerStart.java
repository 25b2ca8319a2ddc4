package org.vivarium.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.process.ChannelSettings;
import org.vivarium.core.process.ExitStatus;
import org.vivarium.core.process.ProcessLimits;
import org.vivarium.core.process.WorkerListener;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.WorkerRequest;
import org.vivarium.core.runtime.VivariumRuntime;

/** How long a forked worker takes from being asked for to being ready, one after the other. */
final class WorkerStart {
    private static final int WORKERS = 100;

    private WorkerStart() {}

    static void main(VivariumRuntime runtime) {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            millis.add(one(runtime, "start-" + i));
        }
        List<Double> sorted = millis.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%nworker start, forked, asked -> ready: p50 %.1f ms, p90 %.1f, max %.1f (n=%d)%n",
                sorted.get(WORKERS / 2),
                sorted.get(WORKERS * 9 / 10),
                sorted.get(WORKERS - 1),
                WORKERS);
    }

    private static double one(VivariumRuntime runtime, String id) {
        CompletableFuture<Long> ready = new CompletableFuture<>();
        CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
        WorkerListener listener = new WorkerListener() {
            @Override
            public void ready(List<ProgramView> programs) {
                ready.complete(System.nanoTime());
            }

            @Override
            public void failed(String reason) {
                ready.completeExceptionally(new IllegalStateException(reason));
            }

            @Override
            public void exited(ExitStatus status) {
                exit.complete(status);
            }
        };
        ChannelSettings channel = new ChannelSettings(1 << 20, Duration.ofNanos(50_000));
        WorkerRequest request =
                new WorkerRequest(id, "default", "", 1, Duration.ofSeconds(1), 1 << 20, channel, ProcessLimits.NONE);
        long start = System.nanoTime();
        WorkerProcess process = runtime.host()
                .launch(runtime.configuration().pools().get(0).python(), request, listener)
                .join();
        double millis = (ready.join() - start) / 1e6;
        process.kill();
        exit.join();
        process.channels().forEach(org.vivarium.core.process.CallChannel::close);
        return millis;
    }
}
