package org.vivarium.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.operation.MetricsFormat;
import org.vivarium.api.view.PoolView;
import org.vivarium.core.config.Configuration;
import org.vivarium.core.config.ConfigurationReader;
import org.vivarium.core.config.ConfigurationSources;
import org.vivarium.core.pool.PoolControl;
import org.vivarium.core.pool.SupervisedPool;
import org.vivarium.core.runtime.Lasting;
import org.vivarium.core.runtime.Operations;
import org.vivarium.core.runtime.VivariumRuntime;

/** The whole core with real Python processes, configured by a text in place of the built-in file. */
public final class RunningService implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final VivariumRuntime runtime;
    private final Operations operations;

    /** Starts the service; workers become ready later. */
    public RunningService(Path runs, String text) throws IOException {
        this(runs, () -> text);
    }

    /** Starts the service with a text that may be another one when it is read again. */
    public RunningService(Path runs, Supplier<String> text) throws IOException {
        this(
                runs,
                examples -> new ConfigurationReader(
                                new ConfigurationSources(text.get(), Optional.empty(), Map.of(), Map.of(), examples))
                        .read(),
                Lasting.nothing());
    }

    /** Starts the service with what {@code reader} reads, given the directory of the example programs. */
    public RunningService(Path runs, Function<Path, Configuration> reader, Lasting lasting) throws IOException {
        try (InputStream python = RunningService.class.getResourceAsStream("/META-INF/vivarium/python.zip")) {
            runtime = VivariumRuntime.start(runs, python, reader, RunningService::daemon, lasting);
        }
        operations = new Operations(runtime);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** Returns the configuration of one pool of the example programs. */
    public static String examples(int workers) {
        return """
                vivarium.pools.default {
                  workers { minimum = %d, maximum = 16 }
                  python { path = [${vivarium.python.examples}], programs = [vivarium_examples] }
                }
                """.formatted(workers);
    }

    /** Returns the configuration of one pool of the example programs and of those that misbehave. */
    public static String examplesAndMisbehaviour(int workers) {
        Path misbehave = Path.of(System.getProperty("vivarium.root"), "ejb/src/test/python");
        return examples(workers)
                .replace("path = [", "path = [\"" + misbehave + "\", ")
                .replace("[vivarium_examples]", "[vivarium_examples, misbehave]");
    }

    public VivariumRuntime runtime() {
        return runtime;
    }

    public Operations operations() {
        return operations;
    }

    /** Returns all that Prometheus would read. */
    public String prometheus() {
        return new String(operations.metrics(MetricsFormat.PROMETHEUS), UTF_8);
    }

    public SupervisedPool pool() {
        return runtime.pools().get("default");
    }

    /** Returns what operators may ask of the pool named default. */
    public PoolControl control() {
        return pool().control();
    }

    public PoolView view() {
        return control().view();
    }

    /** Calls a program of the pool named default and returns its result as text. */
    public String call(String program, String inputs) {
        return call(program, inputs, CallOptions.DEFAULT);
    }

    public String call(String program, String inputs, CallOptions options) {
        return new String(
                pool().calls()
                        .call(program, Payload.of(inputs.getBytes(UTF_8)), options)
                        .json(),
                UTF_8);
    }

    public RunningService awaitReady(int workers) {
        await("ready workers: " + workers, () -> view().ready() == workers && view().size() == workers);
        return this;
    }

    /** Runs {@code task} in a thread of its own: those that all share may be as few as one. */
    public static <T> CompletableFuture<T> inBackground(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, run -> daemon(run).start());
    }

    /** Waits until {@code condition} holds, and fails after 20 s with what was waited for. */
    public static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    @Override
    public void close() {
        runtime.close();
    }
}
