package org.vivarium.api.view.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list whose order does not change while items come and go: whoever asks for one page after the other sees
 * each item that was there all the time, and none twice.
 *
 * @param next what the request for the page after this one gives as {@link PageRequest#after}; {@code null} if there is
 *     none
 */
public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
        items = List.copyOf(items);
    }

    /**
     * Returns the first {@code limit} of {@code rest} in {@code order}, which holds no two as equal. Costs n × log
     * limit, not a sorted copy of all.
     *
     * @param cursor names the place of an item in the order
     */
    public static <T> Page<T> first(
            Stream<T> rest, Comparator<? super T> order, int limit, Function<? super T, String> cursor) {
        PriorityQueue<T> first = new PriorityQueue<>(limit + 1, order.reversed()); // the last of them at its head
        boolean[] more = new boolean[1];
        rest.forEach(item -> {
            first.add(item);
            if (first.size() > limit) {
                first.poll();
                more[0] = true;
            }
        });
        List<T> items = new ArrayList<>(first);
        items.sort(order);
        return new Page<>(items, more[0] ? cursor.apply(items.get(items.size() - 1)) : null);
    }

    /** Returns the same page with each item shown as {@code view} has it. */
    public <V> Page<V> map(Function<? super T, ? extends V> view) {
        return new Page<>(items.stream().<V>map(view).toList(), next);
    }
}
