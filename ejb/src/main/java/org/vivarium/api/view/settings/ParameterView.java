package org.vivarium.api.view.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.OneOf;

/**
 * One parameter of a pool or of the service, with its value now.
 *
 * @param path where it stands in the configuration, below {@code vivarium.pools.<pool>} or {@code vivarium}, such as
 *     {@code timeouts.checkout}
 * @param attribute its name in JMX and REST, with the unit, such as {@code CheckoutTimeoutMillis}
 * @param value a number, a boolean, or a text
 * @param fileValue the value that is configured, by the file or by what is stronger than it: what {@code revert} leads
 *     to
 * @param savedValue the value that was saved, which holds after a restart; {@code null} if none was
 * @param source where {@code fileValue} stands: a file with its line, a system property or an environment variable;
 *     {@code default} if nobody configured it
 * @param savable whether it can be saved, which it cannot if a property or a variable sets it
 * @param unit {@code ms}, {@code workers}, …; empty if it has none
 * @param minimum lowest value allowed; {@code null} if it is not a number
 * @param choices the texts that it may be, if it is one of some; else empty
 * @param effect when a change takes effect
 * @param differsFromFile whether {@code value} is another than {@code fileValue}
 */
public record ParameterView(
        String path,
        String attribute,
        Object value,
        Object fileValue,
        @Nullable Object savedValue,
        String source,
        boolean savable,
        String unit,
        @Nullable Long minimum,
        @Nullable Long maximum,
        List<String> choices,
        String description,

        @OneOf({"at once", "for new calls", "for new workers"})
        String effect,

        boolean differsFromFile) {}
