package org.vivarium.core.recovery;

import static org.vivarium.core.config.PoolParameter.REPLACEMENT_RATE;
import static org.vivarium.core.config.PoolParameter.START_BATCH;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.event.RecoveryDecided;
import org.vivarium.api.event.WorkerRecovered;
import org.vivarium.api.view.worker.DecisionView;
import org.vivarium.api.view.worker.RecoveryCount;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.context.PoolContext;

/**
 * What went wrong with the workers of one pool lately, and what was decided about it: how long to pause before the next
 * start, what to tell, and how long the last recovery took. Thread safe; the lock is on nobody's way to a result.
 */
public final class RestartGovernor {
    private static final Logger LOG = LoggerFactory.getLogger(RestartGovernor.class);
    private static final long SECOND_NANOS = 1_000_000_000;

    private final PoolContext parts;
    private final RestartIntensity intensity = new RestartIntensity();
    private final DecisionCounts counts = new DecisionCounts();
    private final Deque<DecisionView> last = new ArrayDeque<>();
    private volatile List<DecisionView> decisions = List.of();
    private volatile @Nullable String problem;
    private volatile double recoveryMillisLast = Double.NaN;
    private volatile long recoveries; // written under the monitor
    private int startFailures;
    private boolean awaitingChange;
    private boolean pacing;
    private final Deque<Long> replacements = new ArrayDeque<>();
    private long blockedUntilNanos;
    private String toldInFull = "";

    /** When each worker was lost that none has come into service for yet, the first one first. */
    private final Deque<Long> lost = new ArrayDeque<>();

    private int withoutRoom;
    private long roomNanos;

    public RestartGovernor(PoolContext parts) {
        this.parts = parts;
        this.blockedUntilNanos = parts.ticker().nanos();
    }

    /** Returns what keeps the pool from its full size; {@code null} if nothing does. */
    public @Nullable String problem() {
        return problem;
    }

    /** Returns how long the last recovery took; NaN before the first. */
    public double recoveryMillisLast() {
        return recoveryMillisLast;
    }

    /** Returns how often a worker came into service in the place of one that was lost. */
    public long recoveries() {
        return recoveries;
    }

    /** Returns the last decisions, oldest first. */
    public List<DecisionView> decisions() {
        List<DecisionView> all = decisions;
        return all.subList(Math.max(0, all.size() - mostDecisions()), all.size());
    }

    private int mostDecisions() {
        return parts.service().get().integer(ServiceParameter.DECISIONS);
    }

    /** Returns how often each kind of failure was decided about in each way, since the pool started. */
    public List<RecoveryCount> counts() {
        return counts.view();
    }

    /** Returns how long nothing may be started yet; not positive if something may. */
    public synchronized Duration pause() {
        return Duration.ofNanos(blockedUntilNanos - parts.ticker().nanos());
    }

    /** Returns whether nothing may be started yet. */
    public synchronized boolean pausing() {
        return awaitingChange || pause().compareTo(Duration.ZERO) > 0;
    }

    /** Returns whether workers cannot start: the last start has failed, and none has succeeded since. */
    public synchronized boolean startsFail() {
        return awaitingChange || startFailures > 0;
    }

    /** Returns how many workers may start together: one at a time while a crash loop is paced. */
    public synchronized int startsAtOnce() {
        return pacing ? 1 : parts.store().current().integer(START_BATCH);
    }

    /**
     * Returns how many of {@code wanted} workers may start now, and counts them: within a second, at most
     * {@code ReplacementsPerSecond} start in the place of lost ones.
     */
    public synchronized int admit(int wanted) {
        if (lost.isEmpty()) {
            return wanted;
        }
        long now = parts.ticker().nanos();
        while (!replacements.isEmpty() && now - replacements.getFirst() >= SECOND_NANOS) {
            replacements.removeFirst();
        }
        int most = parts.store().current().integer(REPLACEMENT_RATE);
        int admitted = Math.max(0, Math.min(wanted, most - replacements.size()));
        for (int i = 0; i < admitted; i++) {
            replacements.addLast(now);
        }
        return admitted;
    }

    /**
     * Decides what to do about a failure, and keeps to it when asked for {@link #pause}.
     *
     * @param hadCall whether the worker had a call: then its death speaks against the program, not for a crash loop
     */
    public synchronized Decision decide(Failure failure, boolean hadCall) {
        return decideCounted(failure, failure.isCrash() && !hadCall);
    }

    /** Likewise for a worker that could not start. Those that were started together and fail together count once. */
    public synchronized Decision startFailed(String worker, String detail) {
        if (!pausing() || startFailures == 0) {
            startFailures++;
        }
        return decideCounted(new Failure.StartFailed(worker, startFailures, detail), false);
    }

    /**
     * Forbids all starts until {@link #changed}, because a worker was not forked. Of those that were asked for together
     * only the first is recorded.
     */
    public synchronized void forkRefused(String worker, String detail) {
        if (!awaitingChange) {
            decideCounted(new Failure.ForkRefused(worker, detail), false);
        }
    }

    /** Notes that a worker that was not forked could be now: another fork server serves, or other modules. */
    public synchronized void changed() {
        awaitingChange = false;
    }

    /**
     * Decides when to look again whether more workers fit into memory, and keeps to it when asked for
     * {@link #awaitsRoom}; forbids no start in the place of the last worker. Only the first of a row is recorded.
     */
    public synchronized void noRoom(String detail) {
        withoutRoom++;
        Failure failure = new Failure.NoMemory(withoutRoom, detail);
        RecoveryPolicy.History history = new RecoveryPolicy.History(
                0, Duration.ZERO, ThreadLocalRandom.current().nextDouble());
        Decision decision = RecoveryPolicy.decide(
                failure, history, RecoveryLimits.of(parts.store().current()));
        roomNanos = parts.ticker().nanos() + decision.delay().toNanos();
        problem = decision.reason();
        if (withoutRoom == 1) {
            record(failure, decision);
            LOG.warn("pool '{}': {}", parts.name(), decision.reason());
        }
    }

    /** Notes that all workers that are wanted fit into memory. */
    public synchronized void hasRoom() {
        withoutRoom = 0;
    }

    /** Returns whether it is too early to look again whether more workers fit into memory. */
    public synchronized boolean awaitsRoom() {
        return withoutRoom > 0 && parts.ticker().nanos() - roomNanos < 0;
    }

    private Decision decideCounted(Failure failure, boolean counts) {
        RecoveryLimits limits = RecoveryLimits.of(parts.store().current());
        int crashes = counts ? intensity.countAfter(parts.ticker().nanos(), limits.restartWindow()) : 0;
        double chance = ThreadLocalRandom.current().nextDouble();
        Decision decision =
                RecoveryPolicy.decide(failure, new RecoveryPolicy.History(crashes, pause(), chance), limits);
        record(failure, decision);
        if (decision instanceof Decision.Pace) {
            pacing = true;
            forbid(decision);
        } else if (decision instanceof Decision.AwaitChange) {
            forbid(decision);
            awaitingChange = true;
        } else if (decision instanceof Decision.RetryAfter && !pausing()) {
            forbid(decision);
        } else {
            LOG.info("pool '{}': {} for {}", parts.name(), decision.kind(), firstLine(decision.reason()));
        }
        return decision;
    }

    private void record(Failure failure, Decision decision) {
        counts.count(failure, decision);
        String reason = firstLine(decision.reason());
        parts.telemetry()
                .publish(new RecoveryDecided(
                        parts.name(),
                        failure.worker(),
                        failure.kind(),
                        decision.kind(),
                        decision.delay().toNanos(),
                        reason));
        last.addLast(new DecisionView(
                parts.clock().instant(),
                failure.worker(),
                failure.kind(),
                decision.kind(),
                decision.delay().toNanos() / 1e6,
                reason));
        while (last.size() > mostDecisions()) {
            last.removeFirst();
        }
        decisions = List.copyOf(last);
    }

    /** Says a problem in full only once: the traceback of a start that fails again and again would fill the log. */
    private void forbid(Decision decision) {
        problem = decision.reason();
        blockedUntilNanos = parts.ticker().nanos() + decision.delay().toNanos();
        String essence = withoutWorker(decision.reason());
        boolean again = essence.equals(toldInFull);
        toldInFull = essence;
        LOG.warn(
                "pool '{}': {}; next try {}",
                parts.name(),
                again ? firstLine(decision.reason()) + " (as before)" : decision.reason(),
                decision instanceof Decision.AwaitChange
                        ? "when that has changed"
                        : "in " + decision.delay().toMillis() + " ms");
    }

    private static String withoutWorker(String reason) {
        return reason.replaceFirst("^worker \\S+ ", "");
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    /** Notes that a worker was lost at {@code nanos} by the ticker. */
    public synchronized void lost(long nanos) {
        lost.addLast(nanos);
    }

    /** Notes that a worker has started. */
    public synchronized void started() {
        startFailures = 0;
    }

    /** Notes that {@code worker} has come into service: in the place of the one that was lost first, if any was. */
    public synchronized void serving(String worker) {
        Long since = lost.pollFirst();
        if (since != null) {
            recoveries++;
            long nanos = parts.ticker().nanos() - since;
            recoveryMillisLast = nanos / 1e6;
            parts.telemetry().publish(new WorkerRecovered(parts.name(), worker, nanos));
        }
    }

    /**
     * Notes that the pool has its full size: nobody who was lost is to be replaced any more, such as when the pool was
     * made smaller meanwhile. The problem is solved, unless starts are still forbidden.
     */
    public synchronized void full() {
        lost.clear();
        if (problem != null && !pausing()) {
            LOG.info("pool '{}' has its full size again", parts.name());
            problem = null;
            pacing = false;
            toldInFull = "";
        }
    }
}
