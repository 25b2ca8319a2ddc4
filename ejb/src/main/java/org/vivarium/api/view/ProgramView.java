package org.vivarium.api.view;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.OneOf;

/**
 * One Python program that a pool can call.
 *
 * @param doc its docstring; empty if it has none
 * @param kind {@code function}, {@code generator} or {@code async}
 * @param timeoutMillis its own deadline; {@code null} for the pool's
 */
public record ProgramView(
        String name,
        String doc,
        List<Parameter> parameters,
        String returns,
        boolean idempotent,
        @Nullable Long timeoutMillis,
        @OneOf({"function", "generator", "async"}) String kind) {

    /** One keyword argument: its name, its type as written in Python, and whether it must be given. */
    public record Parameter(String name, String type, boolean required) {}
}
