package org.vivarium.web.security.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.vivarium.web.security.users.User;

/**
 * Remembers for a minute which passwords were right, so that each call by HTTP Basic does not pay for a slow hash.
 *
 * <p>What is kept is a hash under a key that lives only in this process, over the name, the password and the stored
 * hash: so a changed password is forgotten at once, and a dump of memory shows no password. At most 1,000 are kept.
 * Thread safe.
 */
final class VerifiedLogins {
    private static final int MOST = 1_000;
    private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final LongSupplier nanos;
    private final ThreadLocal<Mac> macs; // to look an algorithm up and to initialize it costs more than to use it
    private final Map<ByteBuffer, Long> verified = new LinkedHashMap<>() { // guarded by this
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Long> eldest) {
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

    /** Returns whether {@code password} was right for {@code user} less than a minute ago. */
    boolean contains(User user, String password) {
        ByteBuffer token = token(user, password);
        synchronized (this) {
            Long since = verified.get(token);
            return since != null && nanos.getAsLong() - since < KEPT_NANOS;
        }
    }

    /** Remembers that {@code password} is right for {@code user}. */
    void add(User user, String password) {
        ByteBuffer token = token(user, password);
        synchronized (this) {
            verified.remove(token); // so that it becomes the youngest
            verified.put(token, nanos.getAsLong());
        }
    }

    private ByteBuffer token(User user, String password) {
        Mac mac = macs.get();
        mac.update((user.name() + '\n' + user.password() + '\n').getBytes(UTF_8)); // neither can hold a line break
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
}
