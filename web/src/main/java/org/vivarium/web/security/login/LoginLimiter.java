package org.vivarium.web.security.login;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.vivarium.api.view.settings.LoginLimits.Failures;

/**
 * Slows down guessing: each user name and each address may fail so often in a period, and gets one try back after the
 * other. A name that has not failed lately may try from an address that has failed too often: who else is behind that
 * address, such as behind a proxy, is not locked out.
 *
 * <p>A password that was right before, from the same address, needs no try; but only while no more than so many others
 * were tried there for that name, so that nobody finds it by asking for it.
 *
 * <p>Memory is bounded: beyond 10,000 names and addresses the one that failed longest ago is forgotten. Time is
 * monotonic. Thread safe.
 */
final class LoginLimiter {
    private static final int MOST_KEYS = 10_000;

    private final LongSupplier nanos;
    private final Supplier<Failures> limits;
    private final Map<String, Debt> debts = new LinkedHashMap<>(16, 0.75f, true) { // guarded by this
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Debt> eldest) {
                    return size() > MOST_KEYS;
                }
            };

    LoginLimiter(LongSupplier nanos, Supplier<Failures> limits) {
        this.nanos = nanos;
        this.limits = limits;
    }

    /** Returns how long {@code name} from {@code address} has to wait before the next try; zero if it may try now. */
    synchronized Duration wait(String name, String address) {
        boolean innocent = debt("name " + name) == 0;
        long byAddress =
                innocent ? 0 : excess("address " + address, limits.get().perAddress());
        long byName = excess("name " + name, limits.get().perName());
        return Duration.ofNanos(Math.max(byAddress, byName));
    }

    /** Returns whether {@code address} has failed too often, whoever it was. */
    synchronized boolean floods(String address) {
        return excess("address " + address, limits.get().perAddress()) > 0;
    }

    /** Returns whether a password that was right before may be recognized for {@code name} from {@code address}. */
    synchronized boolean mayRecognize(String name, String address) {
        return excess(pair(name, address), limits.get().perPair()) == 0;
    }

    /** Notes that a password was not recognized. */
    synchronized void unrecognized(String name, String address) {
        add(pair(name, address), limits.get().perPair());
    }

    /** Notes a failed try. */
    synchronized void failed(String name, String address) {
        add("address " + address, limits.get().perAddress());
        add("name " + name, limits.get().perName());
    }

    private static String pair(String name, String address) {
        return "pair " + address + ' ' + name;
    }

    private long excess(String key, int limit) {
        long period = limits.get().period().toNanos();
        return Math.max(0, debt(key) + period / limit - period);
    }

    private void add(String key, int limit) {
        debts.put(key, new Debt(debt(key) + limits.get().period().toNanos() / limit, nanos.getAsLong()));
    }

    /** Returns the time that the failures of {@code key} still cost it; it melts away as time goes by. */
    private long debt(String key) {
        Debt debt = debts.get(key);
        return debt == null ? 0 : Math.max(0, debt.nanos - (nanos.getAsLong() - debt.since));
    }

    private record Debt(long nanos, long since) {}
}
