package org.vivarium.core.changes;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.log.Audit;

/** Changes as lines of the audit log, which a collector of logs takes elsewhere. */
final class AuditLines implements ChangeRecorder {
    static final AuditLines ONLY = new AuditLines();

    private AuditLines() {}

    @Override
    public void record(List<Change> changes) {
        changes.forEach(change -> Audit.log(
                change.kind(), change.actor(), change.pool(), details(change).toArray()));
    }

    @Override
    public void refused(Change change, String why) {
        List<Object> details = details(change);
        details.addAll(List.of("outcome", "refused", "message", why));
        Audit.log(change.kind(), change.actor(), change.pool(), details.toArray());
    }

    private static List<Object> details(Change change) {
        List<Object> details = new ArrayList<>();
        if (change.type() != null) {
            add(details, change.type(), change.subject());
        }
        add(details, "from", change.before());
        add(details, "to", change.after());
        add(details, "address", change.actor().address());
        add(details, "reason", change.reason());
        return details;
    }

    private static void add(List<Object> details, String name, @Nullable Object value) {
        if (value != null) {
            details.add(name);
            details.add(value);
        }
    }
}
