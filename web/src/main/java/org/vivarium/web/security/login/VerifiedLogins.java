package org.vivarium.web.security.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.vivarium.web.security.users.User;

/**
 * Remembers for a week which passwords were right from which address, so that each call by HTTP Basic does not pay for
 * a slow hash, and nobody else's guesses lock a user out.
 *
 * <p>What is kept is a hash under a key that lives only in this process, over the address, the name, the password and
 * the stored hash: so a changed password is forgotten at once, and a dump of memory shows no password. At most 1,000
 * are kept. Thread safe.
 */
final class VerifiedLogins {
    private static final int MOST = 1_000;
    private static final long KEPT_NANOS = Duration.ofDays(7).toNanos();
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final LongSupplier nanos;
    private final ThreadLocal<Mac> macs; // to look an algorithm up and to initialize it costs more than to use it
    private final Map<ByteBuffer, Known> verified = new LinkedHashMap<>() { // guarded by this
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Known> eldest) {
                    return size() > MOST;
                }
            };

    VerifiedLogins(LongSupplier nanos) {
        this.nanos = nanos;
        byte[] secret = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        SecretKeySpec key = new SecretKeySpec(secret, ALGORITHM);
        this.macs = ThreadLocal.withInitial(() -> mac(key));
    }

    /**
     * Returns whether {@code password} was right for {@code user} from {@code address} less than a week ago, and if so,
     * whether it was given by {@code door} since then.
     */
    Recognition recognize(User user, String password, String address, Door door) {
        ByteBuffer token = token(user, password, address);
        synchronized (this) {
            Known known = verified.get(token);
            if (known == null || nanos.getAsLong() - known.since >= KEPT_NANOS) {
                return Recognition.NONE;
            }
            return known.doors.add(door) ? Recognition.NEW_BY_DOOR : Recognition.KNOWN_BY_DOOR;
        }
    }

    /** Remembers that {@code password} is right for {@code user}, who gave it by {@code door} from {@code address}. */
    void add(User user, String password, String address, Door door) {
        ByteBuffer token = token(user, password, address);
        synchronized (this) {
            verified.remove(token); // so that it becomes the youngest
            verified.put(token, new Known(nanos.getAsLong(), EnumSet.of(door)));
        }
    }

    private ByteBuffer token(User user, String password, String address) {
        Mac mac = macs.get();
        String who = address + '\n' + user.name() + '\n' + user.password() + '\n'; // none can hold a line break
        mac.update(who.getBytes(UTF_8));
        return ByteBuffer.wrap(mac.doFinal(password.getBytes(UTF_8)));
    }

    private static Mac mac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
        }
    }

    /** Whether a password is recognized. */
    enum Recognition {
        NONE,
        NEW_BY_DOOR,
        KNOWN_BY_DOOR
    }

    private record Known(long since, Set<Door> doors) {}
}
