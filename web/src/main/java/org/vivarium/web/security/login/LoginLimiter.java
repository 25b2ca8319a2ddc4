package org.vivarium.web.security.login;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down guessing: each user name may fail 20 times and each address 10 times, and gets one try back every 3 and 6
 * seconds. A name that has not failed lately may try from an address that has failed too often: who else is behind that
 * address, such as behind a proxy, is not locked out.
 *
 * <p>A password that was right before, from the same address, needs no try; but only while no more than 100 others were
 * tried there for that name, and one more every 0.6 seconds, so that nobody finds it by asking for it.
 *
 * <p>Memory is bounded: beyond 10,000 names and addresses the one that failed longest ago is forgotten. Time is
 * monotonic. Thread safe.
 */
final class LoginLimiter {
    private static final int MOST_KEYS = 10_000;
    private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int FAILURES_PER_ADDRESS = 10;
    private static final int FAILURES_PER_NAME = 20;
    private static final int FAILURES_PER_PAIR = 100;

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
        boolean innocent = debt("name " + name) == 0;
        long byAddress = innocent ? 0 : excess("address " + address, FAILURES_PER_ADDRESS);
        long byName = excess("name " + name, FAILURES_PER_NAME);
        return Duration.ofNanos(Math.max(byAddress, byName));
    }

    /** Returns whether {@code address} has failed too often, whoever it was. */
    synchronized boolean floods(String address) {
        return excess("address " + address, FAILURES_PER_ADDRESS) > 0;
    }

    /** Returns whether a password that was right before may be recognized for {@code name} from {@code address}. */
    synchronized boolean mayRecognize(String name, String address) {
        return excess(pair(name, address), FAILURES_PER_PAIR) == 0;
    }

    /** Notes that a password was not recognized. */
    synchronized void unrecognized(String name, String address) {
        add(pair(name, address), FAILURES_PER_PAIR);
    }

    /** Notes a failed try. */
    synchronized void failed(String name, String address) {
        add("address " + address, FAILURES_PER_ADDRESS);
        add("name " + name, FAILURES_PER_NAME);
    }

    private static String pair(String name, String address) {
        return "pair " + address + ' ' + name;
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
