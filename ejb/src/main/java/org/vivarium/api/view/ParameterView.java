package org.vivarium.api.view;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.OneOf;

/**
 * One configuration parameter of a pool, with its value now.
 *
 * @param path where it stands in the configuration, below {@code vivarium.pools.<pool>}, such as
 *     {@code timeouts.checkout}
 * @param attribute its name in JMX and REST, with the unit, such as {@code CheckoutTimeoutMillis}
 * @param value a number, a boolean, or one of {@code choices}
 * @param unit {@code ms}, {@code workers}, …; empty if it has none
 * @param minimum lowest value allowed; {@code null} if it is not a number
 * @param choices the texts that it may be, if it is a text; else empty
 * @param effect when a change takes effect
 * @param differsFromFile whether it was changed since it was read
 */
public record ParameterView(
        String path,
        String attribute,
        Object value,
        Object fileValue,
        String unit,
        @Nullable Long minimum,
        @Nullable Long maximum,
        List<String> choices,
        String description,

        @OneOf({"at once", "for new calls", "for new workers"})
        String effect,

        boolean differsFromFile) {}
