package org.vivarium.adapter.boot;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came over the bridge with an operation, read with the types that {@link org.vivarium.api.client.bridge.Bridge}
 * promises.
 *
 * @param given not copied
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record BridgeArguments(@Nullable Object[] given) {
    /**
     * Returns an argument that is always there.
     *
     * @throws NullPointerException if it is {@code null}
     */
    <T> T at(int index, Class<T> type) {
        return Objects.requireNonNull(orNull(index, type), "argument of the bridge");
    }

    String text(int index) {
        return at(index, String.class);
    }

    <T> @Nullable T orNull(int index, Class<T> type) {
        return type.cast(given[index]);
    }
}
