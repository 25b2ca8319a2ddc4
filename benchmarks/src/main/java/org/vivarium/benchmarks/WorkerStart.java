package org.vivarium.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.process.ExitStatus;
import org.vivarium.core.process.ForkServerPatience;
import org.vivarium.core.process.ProcessLimits;
import org.vivarium.core.process.WorkerListener;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.WorkerRequest;
import org.vivarium.core.process.channel.CallChannel;
import org.vivarium.core.process.channel.ChannelSettings;
import org.vivarium.core.process.output.OutputLimits;
import org.vivarium.core.runtime.VivariumRuntime;

/** How long a forked worker takes from being asked for to being ready, one after the other. */
final class WorkerStart {
    private static final int WORKERS = 100;
    private static final int INFO = 20; // as Python counts levels

    private WorkerStart() {}

    static void main(VivariumRuntime runtime) {
        PythonSettings python = runtime.configuration().pools().get(0).python();
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            Started worker = one(runtime, python, "start-" + i);
            millis.add(worker.millis());
            worker.end();
        }
        System.out.println();
        System.out.println("worker start, forked, asked -> ready: " + percentiles(millis));
    }

    static String percentiles(List<Double> millis) {
        List<Double> sorted = millis.stream().sorted().toList();
        int number = sorted.size();
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p90 %.1f, max %.1f (n=%d)",
                sorted.get(number / 2),
                sorted.get(number * 9 / 10),
                sorted.get(number - 1),
                number);
    }

    /** Starts one worker beside the pools and waits until it is ready. */
    static Started one(VivariumRuntime runtime, PythonSettings python, String id) {
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
            public void refused(String reason, @Nullable CompletableFuture<Void> cleared) {
                failed(reason);
            }

            @Override
            public void exited(ExitStatus status) {
                exit.complete(status);
                ready.completeExceptionally(new IllegalStateException("ended before it was ready: " + status));
            }
        };
        ChannelSettings channel = new ChannelSettings(1 << 20, Duration.ofNanos(50_000));
        WorkerRequest request = new WorkerRequest(
                id,
                "default",
                "",
                1,
                INFO,
                Duration.ofSeconds(1),
                1 << INFO,
                channel,
                ProcessLimits.NONE,
                new ForkServerPatience(Duration.ofMinutes(5), Duration.ofSeconds(5)),
                new OutputLimits(1_000, 1 << 20));
        long start = System.nanoTime();
        WorkerProcess process = runtime.host().launch(python, request, listener).join();
        return new Started(process, exit, (ready.join() - start) / 1e6);
    }

    /** A worker that is ready, and how long that took. */
    record Started(WorkerProcess process, CompletableFuture<ExitStatus> exit, double millis) {
        void end() {
            process.kill();
            exit.join();
            process.channels().forEach(CallChannel::close);
        }
    }
}
