package org.vivarium.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.admission.CallPipeline;
import org.vivarium.core.pool.SupervisedPool;
import org.vivarium.core.runtime.Operations;

/**
 * Calls that end in every way at random: by their result, their deadline, a cancellation of their future, an interrupt
 * of their thread, or the death of their worker. Each has a number of its own, which its answer must have. Argument:
 * calls (default 1,000,000).
 */
public final class RandomEnds {
    private static final int WORKERS = 6;
    private static final int CALLERS = 12;
    private static final long KILL_EVERY_NANOS = 100_000_000;

    private final CallPipeline pool;
    private final long wanted;
    private final Executor executor = Executors.newFixedThreadPool(WORKERS, Service::daemon);
    private final AtomicLong numbers = new AtomicLong();
    private final LongAdder foreign = new LongAdder();
    private final Map<String, LongAdder> ends = new ConcurrentHashMap<>();

    private RandomEnds(CallPipeline pool, long wanted) {
        this.pool = pool;
        this.wanted = wanted;
    }

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        long wanted = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
        try (Service service = new Service(Files.createTempDirectory("vivarium-benchmark"), WORKERS)) {
            new Operations(service.runtime())
                    .pool("default")
                    .configure(
                            Map.of("RestartLimit", 1000, "RestartWindowMillis", 1000, "BreakerFailures", 0),
                            Actor.SERVICE);
            SupervisedPool pool = service.runtime().pools().get("default");
            new RandomEnds(pool.calls(), wanted).run(pool);
        }
    }

    private void run(SupervisedPool supervised) throws InterruptedException {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            long seed = i;
            callers.add(new Thread(() -> loop(new SplittableRandom(seed))));
        }
        long began = System.nanoTime();
        callers.forEach(Thread::start);
        int kills = disturb(supervised, callers);
        for (Thread caller : callers) {
            caller.join();
        }
        long ended = ends.values().stream().mapToLong(LongAdder::sum).sum();
        System.out.printf(
                "%d calls in %.0f s, %d kills of workers%n",
                Math.min(numbers.get(), wanted), (System.nanoTime() - began) / 1e9, kills);
        new TreeMap<>(ends).forEach((end, count) -> System.out.printf("  %-22s %,d%n", end, count.sum()));
        System.out.printf("without an end: %d, with a foreign answer: %d%n", wanted - ended, foreign.sum());
        Load.await(
                "idle workers",
                () -> supervised.control().view().busy() == 0
                        && supervised.control().view().ready() == WORKERS);
        System.out.printf(
                "then: %d of %d workers ready, %d waiting%n",
                supervised.control().view().ready(),
                WORKERS,
                supervised.control().view().waiting());
    }

    /** Kills a worker and interrupts a caller now and then, until all callers have ended. */
    private static int disturb(SupervisedPool supervised, List<Thread> callers) {
        SplittableRandom random = new SplittableRandom(7);
        int kills = 0;
        while (callers.stream().anyMatch(Thread::isAlive)) {
            LockSupport.parkNanos(KILL_EVERY_NANOS / 10);
            callers.get(random.nextInt(callers.size())).interrupt();
            if (random.nextInt(10) == 0) {
                List<WorkerView> workers = supervised.control().workers();
                long pid = workers.isEmpty()
                        ? 0
                        : workers.get(random.nextInt(workers.size())).pid();
                if (pid > 0
                        && ProcessHandle.of(pid)
                                .map(ProcessHandle::destroyForcibly)
                                .orElse(false)) {
                    kills++;
                }
            }
        }
        return kills;
    }

    private void loop(SplittableRandom random) {
        for (long number = numbers.incrementAndGet(); number <= wanted; number = numbers.incrementAndGet()) {
            int kind = random.nextInt(100);
            String end = kind < 3 ? slow(number, random) : kind < 6 ? cancelled(number, random) : quick(number, random);
            ends.computeIfAbsent(end, name -> new LongAdder()).increment();
            Thread.interrupted(); // was meant for the call that has ended
        }
    }

    private String quick(long number, SplittableRandom random) {
        CallOptions options = random.nextInt(10) == 0
                ? CallOptions.DEFAULT.withTimeout(Duration.ofMillis(1 + random.nextInt(3)))
                : CallOptions.DEFAULT;
        String inputs = "{\"n\":" + number + "}";
        return outcome(inputs, () -> pool.call("echo", json(inputs), options));
    }

    private String slow(long number, SplittableRandom random) {
        CallOptions options = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(1 + random.nextInt(8)));
        String seconds = "0.00" + random.nextInt(1, 9) + String.format("%09d", number);
        return outcome(
                "{\"slept_seconds\":" + Double.parseDouble(seconds) + "}",
                () -> pool.call("sleep", json("{\"seconds\":" + seconds + "}"), options));
    }

    private String cancelled(long number, SplittableRandom random) {
        String inputs = "{\"n\":" + number + "}";
        CompletableFuture<Payload> future = pool.callAsync("echo", json(inputs), CallOptions.DEFAULT, executor);
        LockSupport.parkNanos(random.nextInt(200_000));
        future.cancel(true);
        return outcome(inputs, future::join);
    }

    private String outcome(String expected, java.util.function.Supplier<Payload> call) {
        try {
            String answer = new String(call.get().json(), UTF_8);
            if (!answer.equals(expected)) {
                foreign.increment();
                System.out.printf("expected %s, got %s%n", expected, answer);
            }
            return "result";
        } catch (PythonException e) {
            return e.type();
        } catch (CancellationException e) {
            return "cancelled future";
        } catch (CompletionException e) {
            return e.getCause() instanceof PythonException failure ? failure.type() : String.valueOf(e.getCause());
        }
    }

    private static Payload json(String text) {
        return Payload.of(text.getBytes(UTF_8));
    }
}
