package org.vivarium.core.changes;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.operation.JsonText;

/**
 * Which changes somebody wants to see; {@code null} stands for all.
 *
 * @param actor the name of who asked for them
 * @param from the earliest time
 * @param to the time before which they were
 */
public record ChangeQuery(
        @Nullable String pool,
        @Nullable String actor,
        @Nullable String kind,
        @Nullable Instant from,
        @Nullable Instant to) {
    /** All changes. */
    public static final ChangeQuery ALL = new ChangeQuery(null, null, null, null, null);

    private boolean matches(ChangeRecord record) {
        Change change = record.change();
        return (pool == null || pool.equals(change.pool()))
                && (actor == null || actor.equals(change.actor().name()))
                && (kind == null || kind.equals(change.kind()))
                && isWithin(record.time());
    }

    private boolean isWithin(Instant time) {
        return (from == null || !time.isBefore(from)) && (to == null || time.isBefore(to));
    }

    /** Returns the last records in a file that match and have a smaller sequence than {@code before}, newest first. */
    List<ChangeRecord> newest(LogFiles.Part part, long before, int limit) throws IOException {
        Deque<ChangeRecord> last = new ArrayDeque<>();
        LogFiles.read(part, (line, start, ended) -> {
            ChangeRecord record = mayMatch(line) ? ChangeLine.read(line) : null;
            if (record != null && record.sequence() < before && matches(record)) {
                last.add(record);
                if (last.size() > limit) {
                    last.remove();
                }
            }
        });
        List<ChangeRecord> newest = new ArrayList<>(last);
        Collections.reverse(newest);
        return newest;
    }

    /** Returns whether a line may match, at a small part of the price of reading it. */
    private boolean mayMatch(String line) {
        return Stream.of(member("pool", pool), member("actor", actor), member("kind", kind))
                .filter(Objects::nonNull)
                .allMatch(line::contains);
    }

    private static @Nullable String member(String name, @Nullable String value) {
        return value == null ? null : '"' + name + "\":" + JsonText.of(value);
    }
}
