package org.vivarium.api.view.settings;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.OneOf;

/**
 * What became of one parameter.
 *
 * @param attribute its name in JMX and REST, such as {@code CheckoutTimeoutMillis}
 * @param from the value before: a number, a boolean or a text; {@code null} if there was none, which is so of saved
 *     ones
 * @param to the value after, likewise
 * @param unit {@code ms}, {@code workers}, …; empty if it has none
 * @param effect when that is felt
 */
public record ParameterChange(
        String attribute,
        @Nullable Object from,
        @Nullable Object to,
        String unit,

        @OneOf({"at once", "for new calls", "for new workers"})
        String effect) {
    /** Returns it in one line, such as {@code QueueLimit: 1000 -> 5 calls, at once}. */
    @Override
    public String toString() {
        return "%s: %s -> %s%s, %s".formatted(attribute, from, to, unit.isEmpty() ? "" : ' ' + unit, effect);
    }
}
