package org.vivarium.web.call;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallOptions;

/**
 * What a request asks for, without its inputs.
 *
 * @param events whether chunks are to be sent as they come
 * @param key the user's idempotency key; {@code null} for none
 */
record CallWish(
        String pool,
        String program,
        CallOptions options,
        boolean events,
        IdempotentCalls.@Nullable Key key,
        IdempotentCalls idempotent) {
    String correlation() {
        return String.valueOf(options.context().correlationId());
    }
}
