package org.vivarium.core.process.control;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.time.Ticker;

/**
 * The one-time tokens that are out: 128 random bits, valid for each (channel, slot) once and until they expire. Thread
 * safe.
 */
final class TokenBook {
    private static final int TOKEN_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Ticker ticker;
    private final long lifetimeNanos;

    TokenBook(Ticker ticker, long lifetimeNanos) {
        this.ticker = ticker;
        this.lifetimeNanos = lifetimeNanos;
    }

    String issue(Expectation expectation) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        entries.put(token, new Entry(expectation, ticker.nanos() + lifetimeNanos, new HashSet<>()));
        return token;
    }

    /** Returns who waits for {@code hello} and marks this use of its token. */
    Expectation redeem(Hello hello) throws ProtocolException {
        Entry entry = hello.token() == null ? null : entries.get(hello.token());
        if (entry == null || ticker.nanos() - entry.expiresNanos > 0 || !entry.use(hello.use())) {
            throw new ProtocolException("unknown token");
        }
        return entry.expectation;
    }

    /** Forgets the tokens that have expired. */
    void sweep() {
        long now = ticker.nanos();
        entries.values().removeIf(entry -> now - entry.expiresNanos > 0);
    }

    private record Entry(Expectation expectation, long expiresNanos, Set<String> uses) {
        boolean use(String use) {
            synchronized (uses) {
                return uses.add(use);
            }
        }
    }
}
