package org.vivarium.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.admission.CallPipeline;
import org.vivarium.core.pool.SupervisedPool;
import org.vivarium.core.runtime.Operations;

/**
 * Sessions that count while workers are killed: at the end each counter is the number of its calls that succeeded.
 * Arguments: sessions (default 10,000), calls of each (default 20), workers (default 6).
 */
public final class SessionsUnderKills {
    private static final int CALLERS = 16;

    private final CallPipeline pool;
    private final AtomicIntegerArray counted;
    private final long wanted;
    private final AtomicLong next = new AtomicLong();
    private final LongAdder failed = new LongAdder();
    private final LongAdder wrong = new LongAdder();

    private SessionsUnderKills(CallPipeline pool, int sessions, int calls) {
        this.pool = pool;
        this.counted = new AtomicIntegerArray(sessions);
        this.wanted = (long) sessions * calls;
    }

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int sessions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        int calls = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        int workers = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 6;
        try (Service service = new Service(Files.createTempDirectory("vivarium-benchmark"), workers)) {
            new Operations(service.runtime())
                    .pool("default")
                    .configure(
                            Map.of(
                                    "RestartLimit",
                                    1000,
                                    "RestartWindowMillis",
                                    1000,
                                    "BreakerFailures",
                                    0,
                                    "SessionLimit",
                                    sessions),
                            Actor.SERVICE);
            SupervisedPool pool = service.runtime().pools().get("default");
            new SessionsUnderKills(pool.calls(), sessions, calls).run(pool);
        }
    }

    private void run(SupervisedPool supervised) throws InterruptedException {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(new Thread(this::loop));
        }
        long began = System.nanoTime();
        callers.forEach(Thread::start);
        int kills = 0;
        SplittableRandom random = new SplittableRandom(1);
        while (callers.stream().anyMatch(Thread::isAlive)) {
            LockSupport.parkNanos(20_000_000);
            List<WorkerView> workers = supervised.control().workers();
            long pid = workers.isEmpty()
                    ? 0
                    : workers.get(random.nextInt(workers.size())).pid();
            if (pid > 0
                    && ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false)) {
                kills++;
            }
        }
        for (Thread caller : callers) {
            caller.join();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        for (int session = 0; session < counted.length(); session++) {
            count(session, 0);
        }
        System.out.printf(
                "%d sessions, %d calls in %.1f s (%.0f calls/s), %d kills, %d calls failed with their worker%n",
                counted.length(), wanted, seconds, wanted / seconds, kills, failed.sum());
        System.out.printf("sessions whose counter was wrong, ever: %d%n", wrong.sum());
    }

    /** Walks over the sessions round and round, so that all of them are in progress all the time. */
    private void loop() {
        for (long call = next.getAndIncrement(); call < wanted; call = next.getAndIncrement()) {
            int session = (int) (call % counted.length());
            synchronized (("session" + session).intern()) { // so that the expected number is certain
                count(session, 1);
            }
        }
    }

    private void count(int session, int step) {
        CallOptions options = CallOptions.DEFAULT.withContext(
                new CallContext("session-" + session, null, null, null, null, null, null));
        try {
            byte[] answer = pool.call("count", Payload.of(("{\"step\":" + step + "}").getBytes(UTF_8)), options)
                    .json();
            int expected = counted.addAndGet(session, step);
            if (!new String(answer, UTF_8).equals("{\"count\":" + expected + "}")) {
                wrong.increment();
                System.out.printf("session %d: %s instead of %d%n", session, new String(answer, UTF_8), expected);
            }
        } catch (PythonException e) {
            if (!e.type().equals("WorkerLost")) {
                throw e;
            }
            failed.increment();
        }
    }
}
