package org.vivarium.core.supervision;

import static org.vivarium.core.config.PoolParameter.CPU_LIMIT;
import static org.vivarium.core.config.PoolParameter.HARD_MEMORY_MEGABYTES;
import static org.vivarium.core.config.PoolParameter.HEARTBEAT;
import static org.vivarium.core.config.PoolParameter.MAXIMUM_FRAME_MEGABYTES;
import static org.vivarium.core.config.PoolParameter.SESSION_STATE_MEGABYTES;
import static org.vivarium.core.config.PoolParameter.SLOTS_PER_WORKER;
import static org.vivarium.core.config.PoolParameter.SPIN_MICROS;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.WorkerId;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.WorkerTransitioned;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.PythonParameter;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.process.ProcessLimits;
import org.vivarium.core.process.StartException;
import org.vivarium.core.process.WorkerListener;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.WorkerRequest;
import org.vivarium.core.process.channel.ChannelSettings;
import org.vivarium.core.telemetry.Operation;
import org.vivarium.core.telemetry.Span;
import org.vivarium.core.worker.Transition;
import org.vivarium.core.worker.Worker;

/** Makes workers and has their processes started, with the settings of the moment. */
final class WorkerFactory {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerFactory.class);

    private final PoolContext parts;
    private final AtomicLong sequence = new AtomicLong();

    WorkerFactory(PoolContext parts) {
        this.parts = parts;
    }

    Worker make(Generation generation) {
        WorkerId id = new WorkerId(parts.name(), sequence.incrementAndGet());
        Span start = Span.begin(parts.telemetry(), parts.ticker(), Operation.WORKER_INIT, parts.name(), id.toString());
        return new Worker(id, generation.number(), parts.ticker(), parts.clock(), transition -> {
            tell(transition);
            tellStart(start, transition);
        });
    }

    private static void tellStart(Span start, Transition transition) {
        if (transition.from() == WorkerState.INITIALIZING) {
            if (transition.to() == WorkerState.READY) {
                start.end();
            } else {
                String detail = transition.detail().lines().findFirst().orElse("");
                start.fail(detail.isEmpty() ? transition.reason().name() : detail);
            }
        }
    }

    private void tell(Transition transition) {
        if (transition.isOccupancy()) {
            return; // told by the call itself
        }
        LOG.info(
                "worker {}: {} -> {} ({}{})",
                transition.worker(),
                transition.from(),
                transition.to(),
                transition.reason(),
                transition.detail().isEmpty()
                        ? ""
                        : ": " + transition.detail().lines().findFirst().orElse(""));
        parts.telemetry()
                .publish(new WorkerTransitioned(
                        parts.name(),
                        transition.worker().toString(),
                        transition.from(),
                        transition.to(),
                        transition.reason().name(),
                        transition.timeInFrom().toNanos()));
    }

    /** Asks for the process of {@code worker}, which knows it as soon as it exists. */
    CompletableFuture<WorkerProcess> launch(Worker worker, Generation generation, WorkerListener listener) {
        PoolSettings settings = parts.store().current();
        ChannelSettings channel = new ChannelSettings(
                settings.integer(MAXIMUM_FRAME_MEGABYTES) * (1 << 20), settings.duration(SPIN_MICROS));
        ProcessLimits limits = new ProcessLimits(settings.integer(HARD_MEMORY_MEGABYTES), settings.integer(CPU_LIMIT));
        WorkerRequest request = new WorkerRequest(
                worker.name(),
                parts.name(),
                generation.edition(),
                settings.integer(SLOTS_PER_WORKER),
                settings.pythonLogLevel(),
                settings.duration(HEARTBEAT),
                settings.integer(SESSION_STATE_MEGABYTES) * (1 << 20),
                channel,
                limits);
        return request(generation, request, listener).whenComplete((process, failure) -> {
            if (process != null) {
                worker.attach(process);
            }
        });
    }

    private CompletableFuture<WorkerProcess> request(
            Generation generation, WorkerRequest request, WorkerListener listener) {
        try {
            return parts.launcher().launch(generation.python(), request, listener);
        } catch (RuntimeException e) {
            LOG.error("worker {}: its launch failed unexpectedly", request.id(), e);
            return CompletableFuture.failedFuture(new StartException("its launch failed unexpectedly: " + e));
        }
    }

    /** Returns {@code reason}, for which a worker's modules are to blame, with where those are named. */
    static String located(Generation generation, String reason) {
        return generation.python().place(PythonParameter.PROGRAMS) + ": " + reason;
    }

    /** Returns what a failed launch says, without the wrapping. */
    static String sentence(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage());
    }
}
