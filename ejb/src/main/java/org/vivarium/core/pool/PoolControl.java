package org.vivarium.core.pool;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.Actor;
import org.vivarium.api.LogLevel;
import org.vivarium.api.view.BreakerView;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.IsolationView;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.page.Page;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.api.view.worker.LoggerView;
import org.vivarium.api.view.worker.WorkerActivity;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.worker.TransitionReason;

/** What operators and the tuner may ask of a pool; the only interface to it besides the path of a call. Thread safe. */
public interface PoolControl {

    /** Returns the pool's name, unique in this server. */
    String name();

    /** Takes one snapshot of the pool; walks all workers, so call it at human or timer speed. */
    PoolView view();

    /** Takes a snapshot of each live worker, oldest first. */
    List<WorkerView> workers();

    /**
     * Takes a snapshot of one worker, alive or among the last that ended.
     *
     * @throws org.vivarium.api.InvalidCallException if there is none of that name
     */
    WorkerView worker(String worker);

    /**
     * Sets the number of workers to keep; returns at once.
     *
     * @throws IllegalArgumentException if {@code size} is not between MinimumWorkers and MaximumWorkers
     */
    void resize(int size, Actor actor);

    /** Replaces one live worker; the replacement is ready before the old one drains. Returns at once. */
    void recycle(String worker, Actor actor);

    /**
     * Replaces one live worker for {@code reason}, which its history will tell; the replacement is ready before the old
     * one drains. Returns at once.
     */
    void recycle(String worker, TransitionReason reason);

    /**
     * Replaces all workers by those of a new generation, which import all modules afresh, one after the other; goes
     * back to the old generation if the new one fails. Returns at once; {@link PoolView#rollout} shows how it goes.
     *
     * @throws org.vivarium.api.InvalidCallException if one goes on
     */
    void rollingRestart(PythonSettings python, Actor actor);

    /** Refuses new calls; running ones are finished. */
    void drain(Actor actor);

    /** Takes calls again. */
    void resume(Actor actor);

    /** Returns the Python stacks of all threads of one live worker; waits at most 5 s. */
    String dumpStacks(String worker);

    /** Likewise, without holding the caller's thread: {@code executor} completes the future, after 5 s at most. */
    CompletableFuture<String> dumpStacksAsync(String worker, Executor executor);

    /**
     * Has one live worker collect its garbage, and returns how many unreachable objects it found.
     *
     * @throws org.vivarium.api.PythonException of type {@code WorkerBusy} if it has no free slot
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

    /** Returns a page of the calls that wait or run, the oldest first. */
    Page<CallView> calls(PageRequest page);

    /** Returns the calls that workers have now, the oldest first. */
    List<CallView> inFlight();

    /**
     * Returns for each live worker, by name, how many calls it may have: all its slots while it serves, else the calls
     * that it still has.
     */
    Map<String, Integer> slots();

    /** Returns what the workers have done since the pool started, those that have gone included. */
    WorkerActivity activity();

    /**
     * Cancels one call in progress; returns at once.
     *
     * @throws org.vivarium.api.InvalidCallException of type {@code UnknownCall} if it is not in progress
     */
    void cancel(String call, Actor actor);

    /** Returns a page of the sessions of the pool, the newest first. */
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
