package org.vivarium.core.supervision;

import static org.vivarium.core.config.PoolParameter.LOAD_TIMEOUT;
import static org.vivarium.core.config.PoolParameter.START_TIMEOUT;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.WorkerEnded;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.StartMethod;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.process.ExitStatus;
import org.vivarium.core.process.WorkerListener;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * Brings each worker from its launch to its end: start with a deadline, readiness, exit. What follows from it for the
 * pool its {@link Observer} decides. Belongs to the life cycle's thread.
 */
final class WorkerLifeCycle {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerLifeCycle.class);
    private static final Duration STACK_WITHIN = Duration.ofMillis(300);
    private static final String NEVER_STARTED = "never started";

    private final PoolContext parts;
    private final LifeCycleThread thread;
    private final WorkerRegistry registry;
    private final SlotLending lending;
    private final Observer observer;
    private final WorkerFactory factory;

    WorkerLifeCycle(
            PoolContext parts,
            LifeCycleThread thread,
            WorkerRegistry registry,
            SlotLending lending,
            Observer observer) {
        this.parts = parts;
        this.thread = thread;
        this.registry = registry;
        this.lending = lending;
        this.observer = observer;
        this.factory = new WorkerFactory(parts);
    }

    /** Makes a worker, which is not launched yet. */
    Worker make(Generation generation) {
        return factory.make(generation);
    }

    /**
     * Has the process of a worker started. Once it exists, which the fork server's LoadTimeoutMillis bounds, it is
     * ready within StartTimeoutMillis, or its start has failed; one that imports the modules itself has both.
     */
    void launch(PooledWorker pooled) {
        Worker worker = pooled.worker();
        Duration limit = startTimeout(pooled.generation());
        CompletableFuture<?> unused = factory.launch(worker, pooled.generation(), new ProcessEvents(pooled))
                .whenComplete((process, failure) -> {
                    if (failure == null) {
                        thread.later(() -> startTimedOut(worker, limit), limit);
                    } else {
                        thread.run(() -> neverStarted(worker, WorkerFactory.sentence(failure)));
                    }
                });
    }

    private Duration startTimeout(Generation generation) {
        PoolSettings settings = parts.store().current();
        Duration start = settings.duration(START_TIMEOUT);
        boolean imports = generation.python().startMethod() == StartMethod.SPAWN;
        return imports ? start.plus(settings.duration(LOAD_TIMEOUT)) : start;
    }

    /** Asks a worker that is not ready in time where it hangs, and then gives it up. */
    private void startTimedOut(Worker worker, Duration limit) {
        if (worker.state() == WorkerState.INITIALIZING) {
            CompletableFuture<String> stack = worker.requireProcess().dumpStacks();
            thread.later(() -> giveUpStart(worker, limit, stack), STACK_WITHIN);
        }
    }

    private void giveUpStart(Worker worker, Duration limit, CompletableFuture<String> stack) {
        if (worker.state() == WorkerState.INITIALIZING) {
            boolean dumped = stack.isDone() && !stack.isCompletedExceptionally();
            String reason = "it was not ready within %d ms (StartTimeoutMillis)".formatted(limit.toMillis())
                    + (dumped ? "; it hung here:\n" + stack.join() : "");
            startFailed(worker, reason);
        }
    }

    /** Ends a worker that has no process and will have none. */
    void neverStarted(Worker worker, String reason) {
        startFailed(worker, reason);
        gone(worker, NEVER_STARTED);
    }

    private void refused(Worker worker, String reason, CompletableFuture<Void> cleared) {
        if (worker.machine().beginTermination(TransitionReason.START_FAILED, reason)) {
            observer.forkRefused(worker, reason, cleared);
        } // else stopped on purpose meanwhile
        gone(worker, NEVER_STARTED);
    }

    private void startFailed(Worker worker, String reason) {
        if (worker.machine().beginTermination(TransitionReason.START_FAILED, reason)) {
            SlotLending.kill(worker);
            observer.startFailed(worker, reason);
        } // else reported before, or stopped on purpose meanwhile
    }

    private void ready(Worker worker, List<ProgramView> programs) {
        if (!worker.machine().becomeReady("generation " + worker.generation())) {
            SlotLending.closeChannels(worker); // stopped while it started
            return;
        }
        worker.checkPassed(parts.clock().instant());
        PooledWorker pooled = registry.pooled(worker);
        if (pooled == null) {
            SlotLending.closeChannels(worker);
            return;
        }
        SlotLending.hold(pooled);
        observer.ready(pooled, programs);
    }

    private void exited(Worker worker, ExitStatus status) {
        TransitionReason reason = worker.machine().terminationReason();
        boolean expected = reason != null && reason.isIntended();
        String how = reason == null || reason.isLoss() ? status.inWords() : status.bySignal();
        parts.telemetry().publish(new WorkerEnded(parts.name(), worker.name(), worker.pid(), expected, how));
        if (!expected) {
            LOG.warn("pool '{}': worker {} (pid {}) {}", parts.name(), worker, worker.pid(), how);
            observer.died(worker, how);
        }
        gone(worker, how);
    }

    private void gone(Worker worker, String how) {
        worker.machine().end(how);
        PooledWorker pooled = registry.pooled(worker);
        if (pooled != null) {
            lending.takeBack(pooled);
            pooled.held().forEach(slot -> slot.channel().close());
        }
        registry.remove(worker);
        observer.gone();
    }

    /** Decides what follows; called on the life cycle's thread, after the worker has changed its state. */
    interface Observer {
        /** A worker is ready, and its slots are held. */
        void ready(PooledWorker pooled, List<ProgramView> programs);

        /** A worker could not start; its process is killed if there is one. */
        void startFailed(Worker worker, String reason);

        /** A worker was not forked, and trying again is of no use before {@code cleared} completes. */
        void forkRefused(Worker worker, String reason, CompletableFuture<Void> cleared);

        /** A process ended that nobody had ended on purpose. */
        void died(Worker worker, String how);

        /** A worker has left the pool. */
        void gone();

        /** So many more lines of a worker's output were dropped; on any thread. */
        void outputDropped(long lines);
    }

    /** Turns what the control loop says of one process into tasks of the life cycle. */
    private final class ProcessEvents implements WorkerListener {
        private final Worker worker;
        private final Generation generation;

        ProcessEvents(PooledWorker pooled) {
            this.worker = pooled.worker();
            this.generation = pooled.generation();
        }

        @Override
        public void ready(List<ProgramView> programs) {
            if (!thread.run(() -> WorkerLifeCycle.this.ready(worker, programs))) {
                SlotLending.closeChannels(worker);
            }
        }

        @Override
        public void failed(String reason) {
            thread.run(() -> startFailed(worker, WorkerFactory.located(generation, reason)));
        }

        @Override
        public void refused(String reason, @Nullable CompletableFuture<Void> cleared) {
            String located = WorkerFactory.located(generation, reason);
            if (cleared == null) {
                thread.run(() -> neverStarted(worker, located));
            } else {
                thread.run(() -> WorkerLifeCycle.this.refused(worker, located, cleared));
            }
        }

        @Override
        public void outputDropped(long lines) {
            observer.outputDropped(lines);
        }

        @Override
        public void exited(ExitStatus status) {
            thread.run(() -> WorkerLifeCycle.this.exited(worker, status));
        }
    }
}
