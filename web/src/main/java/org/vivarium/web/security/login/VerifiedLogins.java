package org.vivarium.web.security.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.vivarium.api.view.settings.LoginLimits.Remembered;
import org.vivarium.web.security.users.User;

/**
 * Remembers for a time which passwords were right from which address, so that each call by HTTP Basic does not pay for
 * a slow hash, and nobody else's guesses lock a user out.
 *
 * <p>What is kept is a hash under a key that lives only in this process, over the address, the name, the password and
 * the stored hash: so a changed password is forgotten at once, and a dump of memory shows no password. As many are kept
 * as the limits say. Thread safe.
 */
final class VerifiedLogins {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final LongSupplier nanos;
    private final ThreadLocal<Mac> macs; // to look an algorithm up and to initialize it costs more than to use it
    private final Supplier<Remembered> limits;
    private final Map<ByteBuffer, Known> verified = new LinkedHashMap<>(); // guarded by this

    VerifiedLogins(LongSupplier nanos, Supplier<Remembered> limits) {
        this.nanos = nanos;
        this.limits = limits;
        byte[] secret = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        SecretKeySpec key = new SecretKeySpec(secret, ALGORITHM);
        this.macs = ThreadLocal.withInitial(() -> mac(key));
    }

    /**
     * Returns whether {@code password} was right for {@code user} from {@code address} not too long ago, and if so,
     * whether it was given by {@code door} since then.
     */
    Recognition recognize(User user, String password, String address, Door door) {
        ByteBuffer token = token(user, password, address);
        synchronized (this) {
            Known known = verified.get(token);
            if (known == null
                    || nanos.getAsLong() - known.since >= limits.get().time().toNanos()) {
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
            Oldest.remove(verified, limits.get().most());
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
