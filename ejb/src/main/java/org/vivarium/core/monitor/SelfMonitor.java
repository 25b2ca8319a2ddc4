package org.vivarium.core.monitor;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.view.monitor.SelfCheck;
import org.vivarium.api.view.monitor.SelfView;

/**
 * Looks at the monitoring itself, by a thread of its own that depends on none of what it looks at. What is found, and
 * that it is gone again, is said in the log once each. Thread safe.
 */
public final class SelfMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SelfMonitor.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final Map<String, Supplier<String>> checks = new LinkedHashMap<>();
    private final JobWatch jobs = new JobWatch();
    private final Duration every;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile SelfView view;

    /** Looks at nothing until {@link #start}. */
    public SelfMonitor(Duration every, InstantSource clock, ThreadFactory threads) {
        this.every = requireNonNull(every, "every");
        this.clock = requireNonNull(clock, "clock");
        this.view = new SelfView(true, clock.instant(), List.of());
        this.thread = threads.newThread(this::run);
        thread.setName("vivarium-monitor");
    }

    /**
     * Adds a check, before the start.
     *
     * @param problem says in one sentence what is wrong, or nothing; must not block
     */
    public void add(String name, Supplier<String> problem) {
        checks.put(name, problem);
    }

    /** Returns who knows the periodic jobs. */
    public JobWatch jobs() {
        return jobs;
    }

    /** Begins to look. */
    public void start() {
        thread.start();
    }

    private void run() {
        try {
            do {
                look();
            } while (!closing.await(every.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.warn("the monitoring of the monitoring ends: its thread was interrupted");
        }
    }

    /** Looks at everything now. */
    void look() {
        Instant now = clock.instant();
        Map<String, SelfCheck> before = new LinkedHashMap<>();
        view.checks().forEach(check -> before.put(check.name(), check));
        List<SelfCheck> found = new ArrayList<>();
        checks.forEach((name, check) -> {
            SelfCheck last = before.getOrDefault(name, new SelfCheck(name, "", now));
            String problem = problem(check);
            boolean same = problem.isEmpty() == last.problem().isEmpty();
            found.add(new SelfCheck(name, problem, same ? last.since() : now));
            if (!same && problem.isEmpty()) {
                LOG.info("{}: well again", name);
            } else if (!same) {
                LOG.error("{}: {}", name, problem);
            }
        });
        found.sort(Comparator.comparing(check -> check.problem().isEmpty()));
        view = new SelfView(found.stream().allMatch(check -> check.problem().isEmpty()), now, found);
    }

    private static String problem(Supplier<String> check) {
        try {
            return check.get();
        } catch (RuntimeException e) { // of one check; the others must be asked all the same
            return "it cannot be looked at: " + e;
        }
    }

    /** Returns what was found in the last look. */
    public SelfView view() {
        return view;
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(CLOSE_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
