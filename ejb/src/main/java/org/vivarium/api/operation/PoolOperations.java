package org.vivarium.api.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.view.BreakerView;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.HealthView;
import org.vivarium.api.view.ParameterView;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.ProgramView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.metrics.ErrorRates;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.metrics.PerformanceSummary;
import org.vivarium.api.view.metrics.ProgramMetrics;
import org.vivarium.api.view.metrics.RangeView;
import org.vivarium.api.view.metrics.WorkerMetrics;
import org.vivarium.api.view.objectives.ObjectivesView;
import org.vivarium.api.view.resources.ResourcesView;
import org.vivarium.api.view.worker.WorkerView;

/**
 * All that an operator may see and do, for REST and dashboards.
 *
 * <p>An unknown pool, worker or program is an {@link org.vivarium.api.InvalidCallException} of type
 * {@code UnknownPool}, {@code UnknownWorker} or {@code UnknownProgram}; a refused value is an
 * {@link IllegalArgumentException} whose message says what is allowed in one sentence, and nothing has changed then.
 * Thread safe.
 */
public interface PoolOperations {

    /** Returns all configured pools, those that cannot start included, by name. */
    List<PoolView> pools();

    /** Returns one pool. */
    PoolView pool(String pool);

    /** Returns the pool's live workers, by age, oldest first. */
    List<WorkerView> workers(String pool);

    /** Returns one worker, alive or among the last that ended. */
    WorkerView worker(String pool, String worker);

    /** Returns the programs that the pool can call, by name. */
    List<ProgramView> programs(String pool);

    /** Returns all parameters of the pool, in the order of the documentation. */
    List<ParameterView> configuration(String pool);

    /**
     * Changes parameters, all or none.
     *
     * @param changes attribute name → new value: a number, a boolean or a string
     * @return all parameters after the change
     */
    List<ParameterView> configure(String pool, Map<String, ?> changes, Actor actor);

    /** Sets the number of workers to keep, between the pool's minimum and maximum; returns at once. */
    void resize(String pool, int size, Actor actor);

    /** Replaces one worker: its replacement is ready before the old one drains. Returns at once. */
    void recycle(String pool, String worker, Actor actor);

    /**
     * Replaces all workers of a pool by new ones that import all modules afresh, with the {@code python} part of its
     * configuration as it is written now; the old ones serve until the new ones have proved to be healthy, and go on if
     * they are not. Returns at once; {@link PoolView#rollout} tells how it goes.
     *
     * <p>An {@link org.vivarium.api.InvalidCallException} of type {@code RolloutRunning} if one goes on, and of type
     * {@code InvalidConfiguration} if the configuration has a mistake.
     */
    void rollingRestart(String pool, Actor actor);

    /** Stops giving out workers: new calls are refused, running ones end. */
    void drain(String pool, Actor actor);

    /** Takes up work again after {@link #drain}. */
    void resume(String pool, Actor actor);

    /** Returns the Python stacks of all threads of one worker, taken now; the worker goes on. */
    String dumpStacks(String pool, String worker);

    /** Calls a program with inputs that are a JSON object, or empty, and returns its result. */
    Payload call(String pool, String program, Payload inputs, CallOptions options);

    /**
     * Calls a program and returns what it yields as it comes; of a program that is no generator, its result as the only
     * chunk. Returns once a worker has the call; must be closed.
     */
    PayloadStream stream(String pool, String program, Payload inputs, CallOptions options);

    /** Returns the calls that workers have now, the oldest first. */
    List<CallView> calls(String pool);

    /**
     * Cancels one call: its caller gets an {@link org.vivarium.api.PythonException} of type {@code Cancelled}, and the
     * work has stopped within 1 s. Returns at once.
     *
     * @param call as {@link CallView#id} names it; an {@link org.vivarium.api.InvalidCallException} of type
     *     {@code UnknownCall} if it is not in progress any more
     */
    void cancel(String pool, String call, Actor actor);

    /** Returns the sessions of the pool, the one that was used last first. */
    List<SessionView> sessions(String pool);

    /** Returns how many sessions there are, and what was counted about them. */
    SessionTotals sessionTotals(String pool);

    /**
     * Forgets one session and its state. A call of it that runs ends as ever but leaves nothing; calls that wait for
     * their turn in it each find it empty. An {@link org.vivarium.api.InvalidCallException} of type
     * {@code UnknownSession} if there is none of that name.
     */
    void forgetSession(String pool, String session, Actor actor);

    /** Returns the circuit breakers of the programs that are known, by name. */
    List<BreakerView> breakers(String pool);

    /** Opens the circuit breaker of a program: its calls are refused until somebody closes it. */
    void openBreaker(String pool, String program, Actor actor);

    /** Closes the circuit breaker of a program, whatever opened it. */
    void closeBreaker(String pool, String program, Actor actor);

    /**
     * Returns the numbers of the pool, as they were seen within the last second.
     *
     * @param window {@code 1m}, {@code 5m} or {@code 15m}
     */
    MetricsView metrics(String pool, String window);

    /** Returns the numbers of one program of the pool; those of one that was never called are 0 and NaN. */
    ProgramMetrics programMetrics(String pool, String program, String window);

    /** Returns the numbers of one worker, alive or among the last that ended. */
    WorkerMetrics workerMetrics(String pool, String worker, String window);

    /** Returns how calls failed, by category and type. */
    ErrorRates errorRates(String pool, String window);

    /**
     * Returns how the pool did from {@code from} to {@code to}, in steps: for an hour back in steps of 5 s or more, for
     * a day of a minute or more, for 30 days of 15 minutes or more.
     */
    RangeView metricsRange(String pool, Instant from, Instant to, Duration step);

    /** Returns how well the service objectives of the pool are kept. */
    ObjectivesView objectives(String pool);

    /** Returns how the pool did of late, in all windows, with its programs and workers. */
    PerformanceSummary summary(String pool);

    /** Lets the totals of the pool begin at 0 again; windows and what is exported to Prometheus go on. */
    void resetStatistics(String pool, Actor actor);

    /**
     * Returns the numbers of all pools in the text format of Prometheus, version 0.0.4, and what {@link #resources}
     * tells.
     */
    String prometheus();

    /** Returns what machine, JVM and Python processes used when they were looked at last. */
    ResourcesView resources();

    /** Returns whether the service can do its work: up when every pool has at least one ready worker or is lazy. */
    HealthView health();
}
