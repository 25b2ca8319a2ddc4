package org.vivarium.core.metrics.objectives;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vivarium.api.ObjectiveLevel;
import org.vivarium.api.event.ObjectiveLevelChanged;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.view.objectives.ObjectiveView;

/** Remembers the levels of a pool's objectives, to tell what has changed. Not thread safe. */
public final class ObjectiveLevels {
    private final String pool;
    private final Map<String, ObjectiveLevel> last = new HashMap<>(); // by objective and indicator

    public ObjectiveLevels(String pool) {
        this.pool = pool;
    }

    /** Returns an event for each level that is another one than the last time; at first there is no data. */
    public List<PoolEvent> changes(List<ObjectiveView> now) {
        List<PoolEvent> changes = new ArrayList<>();
        for (ObjectiveView view : now) {
            ObjectiveLevel before = last.put(view.objective() + ' ' + view.indicator(), view.level());
            ObjectiveLevel from = before == null ? ObjectiveLevel.NO_DATA : before;
            if (from != view.level()) {
                changes.add(new ObjectiveLevelChanged(
                        pool,
                        view.objective(),
                        view.indicator(),
                        from,
                        view.level(),
                        view.value(),
                        view.target(),
                        view.used()));
            }
        }
        return changes;
    }
}
