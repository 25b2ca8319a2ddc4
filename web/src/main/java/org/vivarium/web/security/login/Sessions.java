package org.vivarium.web.security.login;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.vivarium.api.view.settings.LoginLimits.Remembered;
import org.vivarium.web.security.users.User;

/**
 * Who is logged in by the form: a random token for each login, which ends when it was unused for too long.
 *
 * <p>The server's own sessions are not used because not every server can be configured, by the application, to mark
 * their cookie {@code SameSite}. Of more than the limits say, the one unused longest ends. Thread safe.
 */
final class Sessions {
    private static final int TOKEN_BYTES = 32;

    private final LongSupplier nanos;
    private final SecureRandom random = new SecureRandom();
    private final Supplier<Remembered> limits;
    private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true); // guarded by this

    Sessions(LongSupplier nanos, Supplier<Remembered> limits) {
        this.nanos = nanos;
        this.limits = limits;
    }

    /** Returns the token of a new session of {@code user}. */
    String begin(User user) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        synchronized (this) {
            sessions.put(token, new Session(user, nanos.getAsLong()));
            Oldest.remove(sessions, limits.get().most());
        }
        return token;
    }

    /** Returns the user as he was when he logged in; empty if there is no such session any more. */
    synchronized Optional<User> use(String token) {
        Session session = sessions.get(token);
        if (session == null
                || nanos.getAsLong() - session.lastUsed >= limits.get().time().toNanos()) {
            sessions.remove(token);
            return Optional.empty();
        }
        sessions.put(token, new Session(session.user, nanos.getAsLong()));
        return Optional.of(session.user);
    }

    /** Ends a session and returns whose it was; empty if there was none. */
    synchronized Optional<User> end(String token) {
        return Optional.ofNullable(sessions.remove(token)).map(Session::user);
    }

    private record Session(User user, long lastUsed) {}
}
