package org.vivarium.api.view.changes;

import org.jspecify.annotations.Nullable;

/**
 * How far the change log has come.
 *
 * @param records how many records were ever made
 * @param hash that of the last record; zeros before the first
 * @param problem why changes are refused or what is wrong with the files, in one sentence; empty if nothing is
 * @param last the newest record; {@code null} before the first
 */
public record ChangeLogView(
        long records, String hash, String problem, @Nullable ChangeView last) {}
