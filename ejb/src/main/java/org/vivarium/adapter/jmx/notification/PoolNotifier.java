package org.vivarium.adapter.jmx.notification;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;
import org.vivarium.api.event.BreakerChanged;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.ObjectiveLevelChanged;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.event.PoolResized;
import org.vivarium.api.event.ProcessNoticed;
import org.vivarium.api.event.RecoveryDecided;
import org.vivarium.api.event.RolloutChanged;
import org.vivarium.api.event.WorkerEnded;
import org.vivarium.api.event.WorkerTransitioned;

/**
 * Notifies JMX clients of what happens in one pool: the events that {@link EventType#isNotified()} names; or of the
 * processes of the whole service. The type of a notification is {@code vivarium.} and the event's name, its user data a
 * map of text and numbers. Thread safe.
 */
public final class PoolNotifier extends NotificationBroadcasterSupport {
    private static final String PREFIX = "vivarium.";

    private final ObjectName source;
    private final AtomicLong sequence = new AtomicLong();

    private PoolNotifier(ObjectName source, List<EventType> types) {
        super(types.stream().map(PoolNotifier::info).toArray(MBeanNotificationInfo[]::new));
        this.source = source;
    }

    /** Returns who tells of a pool in the name of {@code source}. */
    public static PoolNotifier ofPool(ObjectName source) {
        return new PoolNotifier(
                source,
                Arrays.stream(EventType.values()).filter(EventType::isNotified).toList());
    }

    /** Returns who tells of processes in the name of {@code source}; to be given {@link ProcessNoticed} only. */
    public static PoolNotifier ofProcesses(ObjectName source) {
        return new PoolNotifier(
                source,
                List.of(
                        EventType.RESOURCE_ZOMBIE,
                        EventType.RESOURCE_ORPHAN,
                        EventType.RESOURCE_STOPPED,
                        EventType.RESOURCE_GROWING));
    }

    private static MBeanNotificationInfo info(EventType type) {
        String what = type.description().replaceFirst("\\.$", "");
        String data = String.join(", ", NotificationData.names(type));
        return new MBeanNotificationInfo(
                new String[] {PREFIX + type.dotted()},
                Notification.class.getName(),
                what + "; user data: " + data + '.');
    }

    /** Sends the notification that {@code event}, which happened at {@code time}, stands for, if it stands for one. */
    public void tell(Instant time, PoolEvent event) {
        if (event.type().isNotified()) {
            Notification notification = new Notification(
                    PREFIX + event.name(), source, sequence.incrementAndGet(), time.toEpochMilli(), inWords(event));
            notification.setUserData(NotificationData.of(event));
            sendNotification(notification);
        }
    }

    private static String inWords(PoolEvent event) {
        if (event instanceof WorkerTransitioned moved) {
            return moved.worker() + " went from " + moved.from() + " to " + moved.to() + ": " + moved.reason();
        } else if (event instanceof WorkerEnded ended) {
            return ended.worker() + (ended.expected() ? " ended: " : " died: ") + ended.how();
        } else if (event instanceof RecoveryDecided decided) {
            return decided.decision() + " for " + decided.reason();
        } else if (event instanceof PoolResized resized) {
            return "from " + resized.from() + " to " + resized.to() + " workers, by " + resized.by();
        }
        return more(event);
    }

    private static String more(PoolEvent event) {
        if (event instanceof RolloutChanged rollout) {
            return "rolling restart to generation " + rollout.generation() + ": " + rollout.state()
                    + (rollout.detail() == null ? "" : ": " + rollout.detail());
        } else if (event instanceof ObjectiveLevelChanged changed) {
            return changed.indicator() + " of the objective " + changed.objective() + " is " + changed.to();
        } else if (event instanceof BreakerChanged breaker) {
            return "the circuit breaker of " + breaker.program() + " is " + breaker.state();
        } else if (event instanceof ProcessNoticed noticed) {
            String whose = noticed.worker() == null ? "" : " of " + noticed.worker();
            return "process " + noticed.pid() + whose + ": " + noticed.type().description();
        }
        return event.type().description();
    }
}
