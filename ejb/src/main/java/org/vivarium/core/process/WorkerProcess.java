package org.vivarium.core.process;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.process.channel.CallChannel;
import org.vivarium.core.process.procfs.ProcessState;

/**
 * One worker process: its channels, signals, signs of life and end. Any thread may call any method; what becomes of the
 * process is reported to its {@link WorkerListener}.
 */
public interface WorkerProcess {

    /** Returns the process id; 0 until the process has said it. */
    long pid();

    /** Returns one channel per slot; empty until the worker is ready. */
    List<CallChannel> channels();

    /** Returns how many calls it can have at a time. */
    int slots();

    /** Returns for how long the process has sent no heartbeat or anything else, in steps of about a second. */
    Duration silence();

    /** Returns how often the process sends a heartbeat. */
    Duration heartbeatInterval();

    /** Returns what the kernel says it does at this moment; {@code null} if it has gone. */
    @Nullable ProcessState state();

    /** Returns what it may use, as of its start. */
    ProcessLimits limits();

    /** Returns how the process ended, as soon as it has. */
    CompletableFuture<ExitStatus> exit();

    /** Asks the process to end at once; a C extension that holds the interpreter cannot refuse. */
    void terminate();

    /** Has the worker's main thread check which call is cancelled. */
    void poke();

    /** Ends the process and its whole group. */
    void kill();

    /**
     * Gives Python loggers these levels, as Python's numbers, and all others those of the program; within a heartbeat,
     * and whatever the worker is doing.
     */
    void logAt(Map<String, Integer> levels);

    /** Takes the stacks of all threads, even while C code holds the interpreter lock. */
    CompletableFuture<String> dumpStacks();
}
