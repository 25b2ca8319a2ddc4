package org.vivarium.testing.fake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.vivarium.testing.RunningService.await;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.memory.ByteBudget;
import org.vivarium.api.view.PoolView;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.PoolDefinition;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.config.ServiceParameterStore;
import org.vivarium.core.config.StartMethod;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.pool.PoolControl;
import org.vivarium.core.pool.SupervisedPool;
import org.vivarium.core.telemetry.Telemetry;
import org.vivarium.testing.ManualTicker;

/**
 * A whole pool on fake workers, whose time passes when a test says so. Its programs are {@code echo}, which answers
 * with its inputs, and {@code hold}, whose calls are kept for the test; tests define others.
 */
public final class SteppedPool implements AutoCloseable {
    /** How often the supervisor of the pool looks around by itself. */
    public static final Duration TICK = Duration.ofMillis(100);

    /** The name of the threads that carry out asynchronous calls. */
    public static final String EXECUTOR = "executor of calls";

    private final ManualTicker ticker = new ManualTicker();
    private final SteppedTimer timer = new SteppedTimer(ticker);
    private final FakeWorkers workers = new FakeWorkers(ticker);
    private final List<FakeCall> held = new CopyOnWriteArrayList<>();
    private final List<PoolEvent> events = new CopyOnWriteArrayList<>();
    private final Set<Thread> callers = ConcurrentHashMap.newKeySet();
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = daemon(task);
        thread.setName(EXECUTOR);
        return thread;
    });
    private final ByteBudget results = ByteBudget.unlimited();
    private final FakeRecorder changes = new FakeRecorder();
    private final Telemetry telemetry;
    private final ParameterStore store;
    private final ServiceParameterStore service = new ServiceParameterStore();
    private final SupervisedPool pool;
    private volatile Thread supervisor;

    private SteppedPool(Map<PoolParameter, Long> changes) {
        Map<PoolParameter, Long> values = new EnumMap<>(PoolParameter.class);
        values.put(PoolParameter.SPIN_MICROS, 0L); // whoever spins waits for a time that does not pass
        values.putAll(changes);
        PoolSettings settings = PoolSettings.DEFAULT.with(values);
        telemetry = new Telemetry(SteppedPool::daemon, ticker, this::now);
        telemetry.addHandler(events::add);
        telemetry.start();
        store = new ParameterStore("default", settings, this.changes);
        PoolDefinition definition = new PoolDefinition("default", python(), settings);
        pool = new SupervisedPool(
                new PoolContext(
                        definition, store, workers, telemetry, ticker, this::now, timer, service::current, results),
                task -> supervisor = daemon(task),
                executor);
        workers.define("echo", call -> call.result(call.inputs()));
        workers.define("hold", held::add);
    }

    /**
     * Makes a pool of {@code workers} workers, no more and no fewer, unless {@code settings} say so; it does not start
     * yet.
     */
    public static SteppedPool of(int workers, Map<PoolParameter, Long> settings) {
        Map<PoolParameter, Long> all = new EnumMap<>(PoolParameter.class);
        all.put(PoolParameter.MINIMUM_WORKERS, (long) workers);
        all.put(PoolParameter.MAXIMUM_WORKERS, (long) workers);
        all.putAll(settings);
        return new SteppedPool(all);
    }

    /** Returns where changes of the pool are recorded. */
    public FakeRecorder changes() {
        return changes;
    }

    /** Returns a pool of {@code workers} workers that are all ready. */
    public static SteppedPool started(int workers) {
        return started(workers, Map.of());
    }

    /** Returns a pool of {@code workers} workers with these other settings that are all ready. */
    public static SteppedPool started(int workers, Map<PoolParameter, Long> settings) {
        return of(workers, settings).start().awaitReady(workers);
    }

    /** Returns the settings of a Python that is never started. */
    public static PythonSettings python() {
        return new PythonSettings(
                "python3", StartMethod.FORKSERVER, List.of(), List.of(), List.of(), List.of(), Map.of(), 1, Map.of());
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** Returns the room for large results, unlimited unless a test limits it. */
    public ByteBudget results() {
        return results;
    }

    /** Starts the pool. */
    public SteppedPool start() {
        pool.start();
        return this;
    }

    /** Returns the time of day, which begins with 1970. */
    public Instant now() {
        return Instant.EPOCH.plusNanos(ticker.nanos());
    }

    /** Returns the pool itself. */
    public SupervisedPool pool() {
        return pool;
    }

    /** Returns what operators may ask of it. */
    public PoolControl control() {
        return pool.control();
    }

    /** Returns the parameters of the service. */
    public ServiceParameterStore service() {
        return service;
    }

    /** Returns its workers. */
    public FakeWorkers workers() {
        return workers;
    }

    /** Returns the worker of that number, from 1. */
    public FakeWorker worker(int number) {
        return workers.get("default-" + number);
    }

    /** Returns a snapshot of the pool. */
    public PoolView view() {
        return control().view();
    }

    /** Changes parameters, by the names that operators use. */
    public void configure(Map<String, ?> changes) {
        store.change(changes, Actor.SERVICE);
    }

    /** Waits until the pool has exactly {@code workers} workers, all ready. */
    public SteppedPool awaitReady(int workers) {
        await("ready workers: " + workers, () -> view().ready() == workers && view().size() == workers);
        return this;
    }

    /** Returns the events of one kind that were heard so far. */
    public <E extends PoolEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    // Time.

    /**
     * Lets time pass, in steps of {@link #TICK}: what the supervisor does in one step it has done before the next. What
     * other threads do about the last step is to be awaited.
     */
    public void pass(Duration time) {
        long end = ticker.nanos() + time.toNanos();
        while (ticker.nanos() < end) {
            await("a supervisor that ticks every " + TICK, this::hasTicked);
            step(Duration.ofNanos(Math.min(TICK.toNanos(), end - ticker.nanos())));
        }
        await("a supervisor that has ticked", this::hasTicked);
    }

    /** Returns whether the supervisor has begun its last tick, and so ended all before it; or ticks no more. */
    private boolean hasTicked() {
        Thread thread = supervisor;
        return timer.hasTask(TICK, TICK) || (thread != null && !thread.isAlive());
    }

    /** Lets time pass until {@code condition} holds: for what other threads do, who may be late for any step. */
    public void passUntil(String what, BooleanSupplier condition) {
        await(what, () -> {
            pass(TICK);
            return condition.getAsBoolean();
        });
    }

    /** Waits until something is to happen after a time that is between both, and has not happened yet. */
    public void awaitDelay(Duration shortest, Duration longest) {
        await("a delay from " + shortest + " to " + longest, () -> timer.hasTask(shortest, longest));
    }

    private void step(Duration time) {
        timer.advance(time);
        workers.all().stream().flatMap(each -> each.channels().stream()).forEach(channel -> channel.wakeup());
        callers.forEach(LockSupport::unpark); // they look at the time again
    }

    // Calls.

    /** Calls a program and returns its result as text. */
    public String call(String program, String inputs, CallOptions options) {
        byte[] json = inputs.getBytes(UTF_8);
        return new String(pool.calls().call(program, Payload.of(json), options).json(), UTF_8);
    }

    /** Calls a program in a thread of its own. */
    public CompletableFuture<String> begin(String program, String inputs, CallOptions options) {
        return background(() -> call(program, inputs, options));
    }

    /** Calls a program in a thread of its own, as a call of a session. */
    public CompletableFuture<String> beginIn(String session, String program) {
        return begin(program, "{}", CallOptions.DEFAULT.withContext(CallContext.NONE.withSession(session)));
    }

    /** Calls a program without holding a thread; the future can be cancelled. */
    public CompletableFuture<Payload> beginAsync(String program, CallOptions options) {
        return pool.calls().callAsync(program, Payload.of("{}".getBytes(UTF_8)), options, executor);
    }

    /** Likewise as {@link #begin(String, String, CallOptions)}, without inputs and options. */
    public CompletableFuture<String> begin(String program) {
        return begin(program, "{}", CallOptions.DEFAULT);
    }

    /** Runs what may wait for the time of this pool in a thread of its own. */
    public <T> CompletableFuture<T> background(Supplier<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = daemon(() -> {
            try {
                result.complete(task.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            } finally {
                callers.remove(Thread.currentThread());
            }
        });
        callers.add(thread);
        thread.start();
        return result;
    }

    /** Waits for the result of a call that was begun. */
    public static String resultOf(CompletableFuture<String> call) {
        await("the end of a call", call::isDone);
        return call.join();
    }

    /** Waits for a call that was begun to fail, and returns how. */
    public static PythonException failureOf(CompletableFuture<?> call) {
        await("the end of a call", call::isDone);
        return (PythonException) call.handle((result, failure) -> {
                    if (failure == null) {
                        throw new AssertionError("the call has not failed, its result is " + result);
                    }
                    return failure instanceof CompletionException ? failure.getCause() : failure;
                })
                .join();
    }

    /** Calls {@code hold} and returns the call once a worker has it. */
    public FakeCall hold() {
        int before = held.size();
        CompletableFuture<String> unused = begin("hold");
        return held(before);
    }

    /** Returns the call of {@code hold} that came as number {@code index}, from 0, once a worker has it. */
    public FakeCall held(int index) {
        await("call " + index + " of hold", () -> held.size() > index);
        return held.get(index);
    }

    /** Returns all calls of {@code hold} that workers have had. */
    public Stream<FakeCall> held() {
        return held.stream();
    }

    /** Ends all workers, and then the pool, for which time passes. */
    @Override
    public void close() {
        workers.close();
        CompletableFuture<Boolean> closed = background(() -> {
            pool.close();
            return true;
        });
        await("the end of the pool", () -> {
            step(TICK);
            return closed.isDone();
        });
        timer.shutdownNow();
        executor.shutdownNow();
        telemetry.close();
    }
}
