package org.vivarium.adapter.ejb;

import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.Timeout;
import jakarta.ejb.Timer;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.vivarium.core.time.PeriodicJob;

/**
 * Runs periodic jobs by EJB timers that do not survive the server, one per job, each with an interval of at least 1 s
 * that can be changed while it runs. Thread safe.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class PeriodicJobTimer {
    @Resource
    private TimerService service;

    private final Map<String, PeriodicJob> jobs = new ConcurrentHashMap<>();

    /** Kept here, because Payara asks its database for them, which a SIGTERM closes first: 10 s, and then a failure. */
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    /** Runs {@code job} every {@code interval} from now on, whatever its interval was before. */
    public void schedule(String name, PeriodicJob job, Duration interval) {
        jobs.put(name, job);
        Timer before = timers.put(
                name,
                service.createIntervalTimer(interval.toMillis(), interval.toMillis(), new TimerConfig(name, false)));
        if (before != null) {
            before.cancel();
        }
    }

    /** Runs nothing any more. */
    public void cancelAll() {
        jobs.clear();
        timers.values().forEach(Timer::cancel);
        timers.clear();
    }

    /** Runs the job that {@code timer} stands for; called by the container. */
    @Timeout
    void tick(Timer timer) {
        PeriodicJob job = jobs.get((String) timer.getInfo());
        if (job != null) {
            job.runOnce();
        }
    }
}
