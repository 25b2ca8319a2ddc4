package org.vivarium.core.history;

import java.util.List;

/** What is written together. */
public record HistoryBatch(List<KeptPoint> points, List<KeptEvent> events) {
    public HistoryBatch {
        points = List.copyOf(points);
        events = List.copyOf(events);
    }

    /** Returns how many there are. */
    public int size() {
        return points.size() + events.size();
    }
}
