package org.vivarium.core.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.breaker.CircuitBreaker;

/** The programs that the pool's workers have reported; empty until the first worker is ready. Thread safe. */
public final class ProgramCatalog {
    private final Function<String, CircuitBreaker> breakers;
    private final Consumer<List<String>> listener;
    private volatile Map<String, Entry> entries = Map.of();

    /** Calls {@code listener} with the names after each change of them; it must not block. */
    public ProgramCatalog(Function<String, CircuitBreaker> breakers, Consumer<List<String>> listener) {
        this.breakers = breakers;
        this.listener = listener;
    }

    /** Takes the list of the worker that became ready last. */
    public void update(List<ProgramView> programs) {
        Map<String, Entry> before = entries;
        Map<String, Entry> after = programs.stream()
                .collect(Collectors.toUnmodifiableMap(
                        ProgramView::name, view -> Entry.of(view, breakers.apply(view.name())), (a, b) -> b));
        entries = after;
        if (!before.keySet().equals(after.keySet())) {
            listener.accept(after.keySet().stream().sorted().toList());
        }
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Returns what is known of a program; {@code null} if there is none of that name. */
    public @Nullable Entry find(String name) {
        return entries.get(name);
    }

    /** Returns all programs by name. */
    public List<ProgramView> programs() {
        return entries.values().stream()
                .map(Entry::view)
                .sorted(Comparator.comparing(ProgramView::name))
                .toList();
    }

    /** Returns the names, for an error message. */
    public String names() {
        return programs().stream().map(ProgramView::name).collect(Collectors.joining(", "));
    }

    /** A program with its name as it travels, its own deadline, 0 for none, and its circuit breaker. */
    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    public record Entry(ProgramView view, byte[] utf8, long timeoutNanos, CircuitBreaker breaker) {
        static Entry of(ProgramView view, CircuitBreaker breaker) {
            Long millis = view.timeoutMillis();
            return new Entry(
                    view,
                    view.name().getBytes(UTF_8),
                    millis == null ? 0 : TimeUnit.MILLISECONDS.toNanos(millis),
                    breaker);
        }
    }
}
