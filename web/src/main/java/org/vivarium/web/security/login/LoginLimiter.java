package org.vivarium.web.security.login;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down guessing: each address may fail 10 times and each user name 20 times, and gets one try back every 6 and 3
 * seconds.
 *
 * <p>Memory is bounded: beyond 10,000 names and addresses the one that failed longest ago is forgotten. Time is
 * monotonic. Thread safe.
 */
final class LoginLimiter {
    private static final int MOST_KEYS = 10_000;
    private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int FAILURES_PER_ADDRESS = 10;
    private static final int FAILURES_PER_NAME = 20;

    private final LongSupplier nanos;
    private final Map<String, Debt> debts = new LinkedHashMap<>(16, 0.75f, true) { // guarded by this
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Debt> eldest) {
                    return size() > MOST_KEYS;
                }
            };

    LoginLimiter(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Returns how long {@code name} from {@code address} has to wait before the next try; zero if it may try now. */
    synchronized Duration wait(String name, String address) {
        long byAddress = excess("address " + address, FAILURES_PER_ADDRESS);
        long byName = excess("name " + name, FAILURES_PER_NAME);
        return Duration.ofNanos(Math.max(byAddress, byName));
    }

    /** Notes a failed try. */
    synchronized void failed(String name, String address) {
        add("address " + address, FAILURES_PER_ADDRESS);
        add("name " + name, FAILURES_PER_NAME);
    }

    private long excess(String key, int limit) {
        long step = PERIOD_NANOS / limit;
        return Math.max(0, debt(key) + step - PERIOD_NANOS);
    }

    private void add(String key, int limit) {
        debts.put(key, new Debt(debt(key) + PERIOD_NANOS / limit, nanos.getAsLong()));
    }

    /** Returns the time that the failures of {@code key} still cost it; it melts away as time goes by. */
    private long debt(String key) {
        Debt debt = debts.get(key);
        return debt == null ? 0 : Math.max(0, debt.nanos - (nanos.getAsLong() - debt.since));
    }

    private record Debt(long nanos, long since) {}
}
