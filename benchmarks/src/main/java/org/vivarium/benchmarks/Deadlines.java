package org.vivarium.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.WorkerState;
import org.vivarium.core.pool.SupervisedPool;
import org.vivarium.core.runtime.Operations;

/**
 * How long after its deadline the work of a call has really stopped, for programs that sleep, spin, hold the
 * interpreter, are dead-locked, wait for a child, or resist; while other callers call. Argument: calls of each (default
 * 20).
 */
public final class Deadlines {
    private static final Duration TIMEOUT = Duration.ofMillis(200);
    private static final List<String[]> PROGRAMS = List.of(
            new String[] {"sleep", "{\"seconds\":60}"},
            new String[] {"spin", "{\"seconds\":60}"},
            new String[] {"deadlock", "{}"},
            new String[] {"spawn_child", "{\"seconds\":60}"},
            new String[] {"hold_interpreter", "{\"rounds\":100000000000}"},
            new String[] {"stubborn", "{\"seconds\":60}"});

    private Deadlines() {}

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int calls = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
        try (Service service = new Service(Files.createTempDirectory("vivarium-benchmark"), 3)) {
            new Operations(service.runtime())
                    .pool("default")
                    .configure(
                            Map.of("RestartLimit", 1000, "RestartWindowMillis", 1000, "BreakerFailures", 0),
                            Actor.SERVICE);
            SupervisedPool pool = service.runtime().pools().get("default");
            System.out.printf("%-18s %-9s %-42s %s%n", "program", "stopped", "after the deadline", "worker kept");
            try (Load load = new Load(service.pool(), 1)) {
                for (String[] program : PROGRAMS) {
                    run(pool, program[0], program[1], calls);
                }
                System.out.printf("other callers: %d calls, %d failed%n", load.calls(), load.failures());
            }
        }
    }

    private static void run(SupervisedPool pool, String program, String inputs, int calls) {
        List<Double> late = new ArrayList<>();
        int stopped = 0;
        int kept = 0;
        String stack = null;
        for (int i = 0; i < calls; i++) {
            long began = System.nanoTime();
            String worker = null;
            try {
                pool.calls()
                        .call(program, Payload.of(inputs.getBytes(UTF_8)), CallOptions.DEFAULT.withTimeout(TIMEOUT));
            } catch (PythonException e) {
                stack = e.details().traceback();
                worker = e.details().context().worker();
            }
            String name = worker;
            Load.await("the end of the work", () -> hasStopped(pool, name));
            late.add((System.nanoTime() - began - TIMEOUT.toNanos()) / 1e6);
            stopped += stack != null && stack.contains("in " + program) ? 1 : 0;
            kept += pool.control().worker(name).state().canBecome(WorkerState.DRAINING) ? 1 : 0;
            Load.await(
                    "full size",
                    () -> pool.control().view().ready() + pool.control().view().busy() == 3);
        }
        System.out.printf(
                "%-18s %d of %d   %-42s %d of %d%n", program, stopped, calls, Load.percentiles(late), kept, calls);
    }

    /** The worker has ended with everything that it started, or has nothing to do and no child. */
    private static boolean hasStopped(SupervisedPool pool, String worker) {
        return pool.control().workers().stream()
                .filter(each -> each.id().equals(worker))
                .allMatch(each -> pool.control().inFlight().stream()
                                .noneMatch(call -> call.worker().equals(worker))
                        && ProcessHandle.of(each.pid())
                                .map(process -> process.children().findAny().isEmpty())
                                .orElse(true));
    }
}
