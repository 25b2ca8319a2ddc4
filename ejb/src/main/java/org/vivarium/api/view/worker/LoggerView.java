package org.vivarium.api.view.worker;

import org.vivarium.api.LogLevel;
import org.vivarium.api.OneOf;

/**
 * A Python logger that an operator has given a level.
 *
 * @param logger its name in Python; {@code root} is the one above all
 * @param level the name of a {@link LogLevel}
 */
public record LoggerView(
        String logger, @OneOf(namesOf = LogLevel.class) String level) {}
