package org.vivarium.adapter.jmx.pool;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;
import org.vivarium.api.event.BreakerChanged;
import org.vivarium.api.event.ObjectiveLevelChanged;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.event.PoolResized;
import org.vivarium.api.event.ProcessNoticed;
import org.vivarium.api.event.RecoveryDecided;
import org.vivarium.api.event.RolloutChanged;
import org.vivarium.api.event.WorkerEnded;
import org.vivarium.api.event.WorkerTransitioned;

/**
 * Tells JMX clients what happens to the workers of one pool. The type of a notification is {@code vivarium.} and the
 * event's name, its user data a map of text and numbers. Thread safe.
 */
public final class PoolNotifier extends NotificationBroadcasterSupport {
    private static final String PREFIX = "vivarium.";
    private static final String OF_PROCESS = "; user data: worker, pid, parent, role, rssBytes, growthBytesPerMinute.";
    private static final double NANOS_PER_MILLI = 1e6;

    private final ObjectName source;
    private final AtomicLong sequence = new AtomicLong();

    /** Takes the name of the bean in whose name it speaks. */
    public PoolNotifier(ObjectName source) {
        super(
                info(
                        "worker.transition",
                        "A worker changed its state; user data: worker, from, to, reason, millisInFrom."),
                info("worker.terminate", "The process of a worker is gone; user data: worker, pid, expected, how."),
                info(
                        "recovery.decided",
                        "It was decided what to do about a failure of a worker; user data: worker, failure, decision, delayMillis, reason."),
                info("pool.resized", "The number of workers to keep was changed; user data: from, to, by."),
                info(
                        "pool.rollout",
                        "A rolling restart went a step further, ended, or was given up; user data: generation, state, by, detail."),
                info(
                        "breaker.changed",
                        "A circuit breaker opened, lets calls probe, or closed; user data: program, state, failures, by."),
                info("resource.zombie", "A process has ended and nobody has taken notice" + OF_PROCESS),
                info("resource.orphan", "A process has lost the one that started it" + OF_PROCESS),
                info("resource.stopped", "A process is stopped by a signal" + OF_PROCESS),
                info("resource.growing", "The memory of a process grows and grows" + OF_PROCESS),
                info(
                        "objective.level_changed",
                        "A target of a service objective is kept better or worse; user data: objective, indicator, from, to, value, target, used."));
        this.source = source;
    }

    /** Sends the notification that {@code event}, which happened at {@code time}, stands for, if it stands for one. */
    public void tell(Instant time, PoolEvent event) {
        if (event instanceof WorkerTransitioned moved) {
            send(
                    time,
                    event,
                    moved.worker() + " went from " + moved.from() + " to " + moved.to() + ": " + moved.reason(),
                    data(moved));
        } else if (event instanceof WorkerEnded ended) {
            send(time, event, ended.worker() + (ended.expected() ? " ended: " : " died: ") + ended.how(), data(ended));
        } else if (event instanceof RecoveryDecided decided) {
            send(time, event, decided.decision() + " for " + decided.reason(), data(decided));
        } else {
            tellOfPool(time, event);
        }
    }

    private void tellOfPool(Instant time, PoolEvent event) {
        if (event instanceof PoolResized resized) {
            String message = "from " + resized.from() + " to " + resized.to() + " workers, by " + resized.by();
            send(time, event, message, Map.of("from", resized.from(), "to", resized.to(), "by", resized.by()));
        } else if (event instanceof RolloutChanged rollout) {
            send(
                    time,
                    event,
                    "rolling restart to generation " + rollout.generation() + ": " + rollout.state()
                            + (rollout.detail() == null ? "" : ": " + rollout.detail()),
                    data(rollout));
        } else if (event instanceof ObjectiveLevelChanged changed) {
            String message = changed.indicator() + " of the objective " + changed.objective() + " is " + changed.to();
            send(time, event, message, data(changed));
        } else if (event instanceof BreakerChanged breaker) {
            String message = "the circuit breaker of " + breaker.program() + " is " + breaker.state();
            send(time, event, message, data(breaker));
        } else if (event instanceof ProcessNoticed noticed) {
            String whose = noticed.worker() == null ? "" : " of " + noticed.worker();
            send(
                    time,
                    event,
                    "process " + noticed.pid() + whose + ": " + noticed.type().description(),
                    data(noticed));
        }
    }

    private void send(Instant time, PoolEvent event, String message, Map<String, Object> data) {
        Notification notification = new Notification(
                PREFIX + event.name(), source, sequence.incrementAndGet(), time.toEpochMilli(), message);
        notification.setUserData(new HashMap<>(data)); // serializable, and known to every client
        sendNotification(notification);
    }

    private static Map<String, Object> data(WorkerTransitioned moved) {
        return Map.of(
                "worker", moved.worker(),
                "from", moved.from().name(),
                "to", moved.to().name(),
                "reason", moved.reason(),
                "millisInFrom", moved.nanosInFrom() / NANOS_PER_MILLI);
    }

    private static Map<String, Object> data(WorkerEnded ended) {
        return Map.of("worker", ended.worker(), "pid", ended.pid(), "expected", ended.expected(), "how", ended.how());
    }

    private static Map<String, Object> data(RecoveryDecided decided) {
        return Map.of(
                "worker", decided.worker(),
                "failure", decided.failure(),
                "decision", decided.decision(),
                "delayMillis", decided.delayNanos() / NANOS_PER_MILLI,
                "reason", decided.reason());
    }

    private static Map<String, Object> data(RolloutChanged rollout) {
        return Map.of(
                "generation", rollout.generation(),
                "state", rollout.state(),
                "by", rollout.by(),
                "detail", Objects.requireNonNullElse(rollout.detail(), ""));
    }

    private static Map<String, Object> data(ProcessNoticed noticed) {
        return Map.of(
                "worker", Objects.requireNonNullElse(noticed.worker(), ""),
                "pid", noticed.pid(),
                "parent", noticed.parent(),
                "role", noticed.role().name(),
                "rssBytes", noticed.rssBytes(),
                "growthBytesPerMinute", Objects.requireNonNullElse(noticed.growthBytesPerMinute(), Double.NaN));
    }

    private static Map<String, Object> data(ObjectiveLevelChanged changed) {
        return Map.of(
                "objective", changed.objective(),
                "indicator", changed.indicator(),
                "from", changed.from().name(),
                "to", changed.to().name(),
                "value", changed.value(),
                "target", changed.target(),
                "used", changed.used());
    }

    private static Map<String, Object> data(BreakerChanged breaker) {
        return Map.of(
                "program", breaker.program(),
                "state", breaker.state(),
                "failures", breaker.failures(),
                "by", Objects.requireNonNullElse(breaker.by(), ""));
    }

    private static MBeanNotificationInfo info(String event, String description) {
        return new MBeanNotificationInfo(new String[] {PREFIX + event}, Notification.class.getName(), description);
    }
}
