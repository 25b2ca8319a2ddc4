package org.vivarium.core.recovery;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vivarium.api.view.worker.RecoveryCount;

/** How often each kind of failure was decided about in each way. Thread safe. */
final class DecisionCounts {
    private final Map<String, Map<String, Long>> counts = new TreeMap<>(); // guarded by this

    synchronized void count(Failure failure, Decision decision) {
        counts.computeIfAbsent(failure.kind(), kind -> new TreeMap<>()).merge(decision.kind(), 1L, Long::sum);
    }

    /** Returns all that have happened, by failure and decision. */
    synchronized List<RecoveryCount> view() {
        return counts.entrySet().stream()
                .flatMap(failure -> failure.getValue().entrySet().stream()
                        .map(decision -> new RecoveryCount(failure.getKey(), decision.getKey(), decision.getValue())))
                .toList();
    }
}
