package org.vivarium.testing;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.vivarium.api.event.EventReporter;
import org.vivarium.api.event.PoolEvent;

/**
 * A reporter as somebody else would write it: found by its name in META-INF/services, in every service of the tests.
 */
public final class FoundReporter implements EventReporter {
    private static final Map<String, List<Heard>> BY_POOL = new ConcurrentHashMap<>();

    /** For the service loader. */
    public FoundReporter() {}

    /** Has what happens in the pool of that name remembered, and returns the growing list of it. */
    public static List<Heard> listenTo(String pool) {
        List<Heard> heard = new CopyOnWriteArrayList<>();
        BY_POOL.put(pool, heard);
        return Collections.unmodifiableList(heard);
    }

    @Override
    public void report(Instant time, PoolEvent event) {
        List<Heard> heard = BY_POOL.get(event.pool());
        if (heard != null) {
            heard.add(new Heard(time, event));
        }
    }

    /** An event and its time. */
    public record Heard(Instant time, PoolEvent event) {}
}
