package org.vivarium.core.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.view.ProgramView;

/** The programs that the pool's workers have told; empty until the first worker is ready. Thread safe. */
final class ProgramCatalog {
    private volatile Map<String, Entry> entries = Map.of();

    /** Takes the list of the worker that became ready last. */
    void update(List<ProgramView> programs) {
        entries = programs.stream().collect(Collectors.toUnmodifiableMap(ProgramView::name, Entry::of, (a, b) -> b));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Returns what is known of a program; {@code null} if there is none of that name. */
    @Nullable Entry find(String name) {
        return entries.get(name);
    }

    /** Returns all programs by name. */
    List<ProgramView> programs() {
        return entries.values().stream()
                .map(Entry::view)
                .sorted(Comparator.comparing(ProgramView::name))
                .toList();
    }

    /** Returns the names, for an error message. */
    String names() {
        return programs().stream().map(ProgramView::name).collect(Collectors.joining(", "));
    }

    /** A program with its name as it travels and its own deadline, 0 for none. */
    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    record Entry(ProgramView view, byte[] utf8, long timeoutNanos) {
        static Entry of(ProgramView view) {
            Long millis = view.timeoutMillis();
            return new Entry(
                    view, view.name().getBytes(UTF_8), millis == null ? 0 : TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }
}
