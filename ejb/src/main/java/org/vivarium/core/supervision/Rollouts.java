package org.vivarium.core.supervision;

import static org.vivarium.core.config.PoolParameter.HEALTH_CHECK_TIMEOUT;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.event.RolloutChanged;
import org.vivarium.api.view.ProgramView;
import org.vivarium.api.view.worker.RolloutView;
import org.vivarium.core.capacity.CapacityPlan;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.process.channel.ChannelLostException;
import org.vivarium.core.process.channel.DeadlineException;
import org.vivarium.core.program.ProgramCatalog;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.telemetry.Operation;
import org.vivarium.core.telemetry.Span;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * Brings a pool from one generation of its Python to the next, one rolling restart at a time, or back.
 *
 * <p>First one worker of the new generation starts, out of service, and must answer a health check. Then the new
 * generation is the current one, and every older worker is marked as leaving: the {@link CapacityPlan} does the rest. A
 * worker of the new generation that does not start, or dies of its own, before the last old one has gone, turns it all
 * around. Belongs to the supervisor's thread, except {@link #reserve}, {@link #view} and {@link #current}.
 */
public final class Rollouts {
    private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);

    private final PoolContext parts;
    private final LifeCycleThread lifeCycle;
    private final WorkerRegistry registry;
    private final ProgramCatalog catalog;
    private final Crew crew;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile Generation current;
    private volatile RolloutView view = RolloutView.NONE;

    /** The generation on trial, the one that goes, or the one that failed; {@code null} if no rollout runs. */
    private @Nullable Generation other;

    private Phase phase = Phase.NONE;
    private List<ProgramView> programsBefore = List.of();
    private @Nullable Span span;
    private int lastNumber = 1;

    /** Where a rollout is; {@link RolloutView#state} says what each means. */
    private enum Phase {
        NONE,
        PROVING,
        REPLACING,
        DONE,
        ROLLING_BACK,
        ROLLED_BACK
    }

    /** What a rollout asks of the supervisor. */
    interface Crew {
        /** Starts a worker that stays out of service. */
        void launchOnTrial(Generation generation);

        /** Ends a worker that did not pass. */
        void dismiss(Worker worker, String detail);

        void reconcile();
    }

    Rollouts(PoolContext parts, LifeCycleThread lifeCycle, WorkerRegistry registry, ProgramCatalog catalog, Crew crew) {
        this.parts = parts;
        this.lifeCycle = lifeCycle;
        this.registry = registry;
        this.catalog = catalog;
        this.crew = crew;
        this.current = new Generation(1, parts.name(), parts.definition().python());
    }

    /** Returns the generation in which workers are started now. */
    public Generation current() {
        return current;
    }

    /** Returns the last rolling restart, or the one in progress. */
    public RolloutView view() {
        return view;
    }

    /** Returns whether a rolling restart goes on. */
    public boolean isRunning() {
        return running.get();
    }

    /** Takes the one place for a rollout, which {@link #begin} must follow; {@code false} if it is taken. */
    boolean reserve() {
        return running.compareAndSet(false, true);
    }

    void begin(PythonSettings python, String by) {
        Generation next = new Generation(++lastNumber, parts.name(), python);
        other = next;
        view = new RolloutView(
                "", next.number(), by, 0, 0, null, null, parts.clock().instant(), null);
        enter(Phase.PROVING, null);
        crew.launchOnTrial(next);
    }

    /** Checks the first worker of a new generation, which is ready, on another thread. */
    void examine(PooledWorker pooled, List<ProgramView> programs) {
        Slot slot = pooled.held().remove(0);
        lifeCycle.runBlocking(() -> {
            String problem = check(slot);
            if (!lifeCycle.run(() -> examined(pooled, slot, problem, programs))) {
                slot.channel().close(); // the pool is closed, nobody else will
            }
        });
    }

    private @Nullable String check(Slot slot) {
        long timeout = parts.store().current().nanos(HEALTH_CHECK_TIMEOUT);
        long deadline = parts.ticker().nanos() + timeout;
        try {
            slot.channel().ping(() -> deadline);
            return null;
        } catch (DeadlineException e) {
            return "did not answer its health check within " + timeout / 1_000_000 + " ms";
        } catch (ChannelLostException | ProtocolException e) {
            return "failed its health check: " + e.getMessage();
        } catch (RuntimeException e) {
            LOG.error("pool '{}': the health check of a new generation failed unexpectedly", parts.name(), e);
            return "failed its health check: " + e;
        }
    }

    private void examined(PooledWorker pooled, Slot slot, @Nullable String problem, List<ProgramView> programs) {
        Worker worker = pooled.worker();
        if (registry.pooled(worker) == null) {
            slot.channel().close(); // its end was reported before
            return;
        }
        pooled.hold(slot);
        if (problem == null) {
            proven(pooled, programs);
        } else if (failed(worker, problem)) {
            crew.dismiss(worker, problem);
        }
    }

    private void proven(PooledWorker pooled, List<ProgramView> programs) {
        Generation old = current;
        Generation proven = pooled.generation();
        programsBefore = catalog.programs();
        catalog.update(programs);
        pooled.onTrial(false);
        current = proven;
        other = old;
        mark(old, TransitionReason.NEW_GENERATION);
        enter(Phase.REPLACING, missing(programs));
        crew.reconcile();
    }

    private @Nullable String missing(List<ProgramView> programs) {
        Set<String> missing =
                programsBefore.stream().map(ProgramView::name).collect(Collectors.toCollection(TreeSet::new));
        programs.forEach(program -> missing.remove(program.name()));
        return missing.isEmpty()
                ? null
                : "generation %d lacks the programs: %s".formatted(current.number(), String.join(", ", missing));
    }

    /**
     * Notes that {@code worker} did not start, died, or did not pass; returns whether its generation is rolled back. A
     * worker of the current generation does not matter here.
     */
    boolean failed(Worker worker, String how) {
        Generation tried = phase == Phase.PROVING ? other : phase == Phase.REPLACING ? current : null;
        if (tried == null || worker.generation() != tried.number()) {
            return false;
        }
        if (phase == Phase.REPLACING) {
            Generation old = other;
            other = current;
            current = old == null ? current : old;
            catalog.update(programsBefore);
            mark(current, null);
        }
        mark(tried, TransitionReason.ROLLED_BACK);
        String problem = "generation %d was rolled back: worker %s %s".formatted(tried.number(), worker, inBrief(how));
        view = new RolloutView(
                "", view.generation(), view.by(), view.replaced(), 0, problem, view.remark(), view.began(), null);
        enter(Phase.ROLLING_BACK, problem);
        return true;
    }

    /** Returns the first line, and of what follows, such as a traceback, the last. */
    static String inBrief(String how) {
        List<String> lines =
                how.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        return lines.size() < 2 ? how.strip() : lines.get(0) + " [" + lines.get(lines.size() - 1) + ']';
    }

    private void mark(Generation generation, @Nullable TransitionReason reason) {
        for (PooledWorker pooled : registry.all()) {
            if (pooled.generation().number() == generation.number()) {
                if (reason != null || pooled.leaving() == TransitionReason.NEW_GENERATION) {
                    pooled.leaving(reason);
                }
            }
        }
    }

    /** Looks whether the generation that is to go has gone; to be asked after each change. */
    void settle() {
        Generation going = other;
        if (going == null || phase == Phase.PROVING) {
            return;
        }
        int remaining = (int) registry.all().stream()
                .filter(pooled -> pooled.generation().number() == going.number())
                .count();
        if (remaining != view.remaining()) {
            boolean gone = phase == Phase.REPLACING && remaining < view.remaining();
            count(gone ? view.replaced() + view.remaining() - remaining : view.replaced(), remaining, null);
        }
        if (remaining == 0) {
            other = null;
            count(view.replaced(), 0, parts.clock().instant());
            parts.launcher().retire(going.python(), going.edition(), parts.name());
            enter(phase == Phase.REPLACING ? Phase.DONE : Phase.ROLLED_BACK, view.problem());
            running.set(false);
        }
    }

    private void count(int replaced, int remaining, @Nullable Instant ended) {
        view = new RolloutView(
                view.state(),
                view.generation(),
                view.by(),
                replaced,
                remaining,
                view.problem(),
                view.remark(),
                view.began(),
                ended);
    }

    private void tell(Phase next, @Nullable String detail) {
        Span current = span;
        if (next == Phase.PROVING) {
            span = Span.begin(parts.telemetry(), parts.ticker(), Operation.ROLLING_RESTART, parts.name(), null);
        } else if (next == Phase.DONE && current != null) {
            current.end();
        } else if (next == Phase.ROLLED_BACK && current != null) {
            current.fail(String.valueOf(detail));
        } // all others are on the way
    }

    private void enter(Phase next, @Nullable String detail) {
        phase = next;
        tell(next, detail);
        boolean remark = next == Phase.REPLACING;
        view = new RolloutView(
                next.name(),
                view.generation(),
                view.by(),
                view.replaced(),
                view.remaining(),
                view.problem(),
                remark ? detail : view.remark(),
                view.began(),
                view.ended());
        String by = String.valueOf(view.by());
        parts.telemetry().publish(new RolloutChanged(parts.name(), view.generation(), next.name(), by, detail));
        if (detail == null) {
            LOG.info("pool '{}': rolling restart to generation {}: {}", parts.name(), view.generation(), next);
        } else {
            LOG.warn(
                    "pool '{}': rolling restart to generation {}: {}: {}",
                    parts.name(),
                    view.generation(),
                    next,
                    detail);
        }
    }
}
