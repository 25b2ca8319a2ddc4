package org.vivarium.api.operation;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.LogLevel;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.view.BreakerView;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.IsolationView;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.ProgramView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.page.Page;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.api.view.settings.ParameterView;
import org.vivarium.api.view.worker.LoggerView;
import org.vivarium.api.view.worker.WorkerView;

/**
 * All that an operator may see of one pool and do to it, and its calls; for REST, JMX and dashboards.
 *
 * <p>An unknown worker or program is an {@link org.vivarium.api.InvalidCallException} of type {@code UnknownWorker} or
 * {@code UnknownProgram}; a refused value is an {@link IllegalArgumentException} whose message says what is allowed in
 * one sentence, and nothing has changed then. Of a pool that could not be configured only {@link #name} and
 * {@link #view} work: all else is a {@link org.vivarium.api.PoolResourceException} that says what is wrong with it.
 * Thread safe.
 */
public interface PoolOperations {

    /** Returns the pool's name. */
    String name();

    /** Takes a snapshot of the pool. */
    PoolView view();

    /** Returns the numbers of the pool, now and over time. */
    PoolNumbers numbers();

    /** Returns the pool's live workers, by age, oldest first. */
    List<WorkerView> workers();

    /** Returns one worker, alive or among the last that ended. */
    WorkerView worker(String worker);

    /** Returns the programs that the pool can call, by name. */
    List<ProgramView> programs();

    /** Returns all parameters of the pool, in the order of the documentation. */
    List<ParameterView> configuration();

    /**
     * Changes parameters, all or none; what is changed holds until the service stops, unless it is saved.
     *
     * @param changes attribute → new value: a whole number of the parameter's unit, a boolean, or a text
     * @return what changed, from what to what, and when that is felt; nothing for values that hold already
     */
    List<ParameterChange> configure(Map<String, ?> changes, Actor actor);

    /**
     * Saves parameters as they are now, so that they hold after a restart; all or none.
     *
     * @param attributes which; none for all
     * @return what was saved, from what was saved before
     */
    List<ParameterChange> saveConfiguration(Collection<String> attributes, Actor actor);

    /**
     * Sets parameters to what is configured, and forgets what was saved of them; all or none.
     *
     * @param attributes which; none for all
     * @return what changed
     */
    List<ParameterChange> revertConfiguration(Collection<String> attributes, Actor actor);

    /**
     * Changes targets of objectives, all or none; what is changed holds until the service stops, unless it is saved.
     *
     * @param changes name of a target, such as {@code prep*.DurationMillis} → new value, a number
     * @return what changed, from what to what
     */
    List<ParameterChange> changeObjectives(Map<String, ?> changes, Actor actor);

    /**
     * Saves targets as they are now, so that they hold after a restart; all or none.
     *
     * @param targets which; none for all
     * @return what was saved, from what was saved before
     */
    List<ParameterChange> saveObjectives(Collection<String> targets, Actor actor);

    /**
     * Sets targets to what is configured, and forgets what was saved of them; all or none.
     *
     * @param targets which; none for all
     * @return what changed
     */
    List<ParameterChange> revertObjectives(Collection<String> targets, Actor actor);

    /** Sets the number of workers to keep, between the pool's minimum and maximum; returns at once. */
    void resize(int size, Actor actor);

    /** Replaces one worker: its replacement is ready before the old one drains. Returns at once. */
    void recycle(String worker, Actor actor);

    /**
     * Replaces all workers of a pool by new ones that import all modules afresh, with the {@code python} part of its
     * configuration as it is written now; the old ones serve until the new ones have proved to be healthy, and go on if
     * they are not. Returns at once; {@link PoolView#rollout} shows its progress.
     *
     * <p>An {@link org.vivarium.api.InvalidCallException} of type {@code RolloutRunning} if one goes on, and of type
     * {@code InvalidConfiguration} if the configuration has a mistake.
     */
    void rollingRestart(Actor actor);

    /** Stops giving out workers: new calls are refused, running ones end. */
    void drain(Actor actor);

    /** Takes up work again after {@link #drain}. */
    void resume(Actor actor);

    /** Returns the Python stacks of all threads of one worker, taken now; the worker goes on. */
    String dumpStacks(String worker);

    /** Likewise, without holding the caller's thread; the future completes on a thread of the service. */
    CompletableFuture<String> dumpStacksAsync(String worker);

    /**
     * Has one worker collect its garbage, all generations of it, and returns how many unreachable objects it found. A
     * {@link org.vivarium.api.PoolResourceException} of type {@code WorkerBusy} if it has no free slot: it never waits
     * for one. A worker that does not answer within 60 s is replaced.
     */
    long collectGarbage(String worker, Actor actor);

    /** Returns the Python loggers that operators have given a level, by name. */
    List<LoggerView> loggerLevels();

    /**
     * Gives a Python logger a level in all workers, within a heartbeat and without disturbing calls, and in those that
     * start later; until the service stops.
     *
     * @param logger its name in Python; {@code root} is the one above all
     * @param level {@code null} gives it the level of the program again
     */
    void setLoggerLevel(String logger, @Nullable LogLevel level, Actor actor);

    /** Likewise, without holding the caller's thread; the future completes on a thread of the service. */
    CompletableFuture<Long> collectGarbageAsync(String worker, Actor actor);

    /** Calls a program with inputs that are a JSON object, or empty, and returns its result. */
    Payload call(String program, Payload inputs, CallOptions options);

    /**
     * Calls a program without holding the caller's thread; the future completes on a thread of the service, and
     * cancelling it cancels the call.
     */
    CompletableFuture<Payload> callAsync(String program, Payload inputs, CallOptions options);

    /**
     * Calls a program and returns what it yields as it comes; of a program that is no generator, its result as the only
     * chunk. Returns once a worker has the call; must be closed.
     */
    PayloadStream stream(String program, Payload inputs, CallOptions options);

    /**
     * Likewise, without holding the caller's thread until a worker has the call; the future completes on a thread of
     * the service, and cancelling it before that cancels the call. Whoever gets the stream must close it.
     */
    CompletableFuture<PayloadStream> streamAsync(String program, Payload inputs, CallOptions options);

    /**
     * Returns a page of the calls that wait, for whatever it is, and those that workers have, the oldest first: a call
     * keeps its place from its first wait to its end.
     *
     * @throws IllegalArgumentException if {@code page} begins after what no page has given
     */
    Page<CallView> calls(PageRequest page);

    /**
     * Cancels one call: its caller gets an {@link org.vivarium.api.PythonException} of type {@code Cancelled}, and the
     * work has stopped within 1 s. Returns at once.
     *
     * @param call as {@link CallView#id} names it; an {@link org.vivarium.api.InvalidCallException} of type
     *     {@code UnknownCall} if it is not in progress any more
     */
    void cancel(String call, Actor actor);

    /**
     * Returns a page of the sessions of the pool, the newest first, whenever they were used.
     *
     * @throws IllegalArgumentException if {@code page} begins after what no page has given
     */
    Page<SessionView> sessions(PageRequest page);

    /** Returns how many sessions there are, and what was counted about them. */
    SessionTotals sessionTotals();

    /**
     * Removes one session and its state. A call of it that is running ends normally, but its state is dropped; calls
     * that wait for their turn in it each find it empty. An {@link org.vivarium.api.InvalidCallException} of type
     * {@code UnknownSession} if there is none of that name.
     */
    void forgetSession(String session, Actor actor);

    /** Returns the circuit breakers of the programs that are known, by name. */
    List<BreakerView> breakers();

    /** Opens the circuit breaker of a program: its calls are refused until somebody closes it. */
    void openBreaker(String program, Actor actor);

    /** Closes the circuit breaker of a program, whatever opened it. */
    void closeBreaker(String program, Actor actor);

    /** Returns the programs that are isolated because they kill workers, by name. */
    List<IsolationView> isolation();

    /**
     * Releases an isolated program although it may kill again; an {@link org.vivarium.api.InvalidCallException} of type
     * {@code UnknownProgram} if it is not isolated.
     */
    void releaseProgram(String program, Actor actor);
}
