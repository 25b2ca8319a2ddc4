package org.vivarium.web.security.login;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.web.security.users.PasswordHash;
import org.vivarium.web.security.users.User;
import org.vivarium.web.security.users.UserStore;

/** Checks names and passwords. Thread safe. */
public final class Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);
    private static final int LONGEST_PASSWORD = 1_024; // longer ones only cost time

    private final UserStore users;
    private final LoginLimiter limiter;
    private final VerifiedLogins verified;
    private final Sessions sessions;
    private final PasswordHash nobody =
            PasswordHash.of("nobody"); // so that an unknown name takes as long as a wrong password

    public Authenticator(UserStore users, LongSupplier nanos) {
        this.users = users;
        this.limiter = new LoginLimiter(nanos);
        this.verified = new VerifiedLogins(nanos);
        this.sessions = new Sessions(nanos);
    }

    /** Returns what comes of a try from {@code address}. */
    public Outcome check(String name, String password, String address) {
        Optional<User> user = users.find(name);
        if (user.isPresent() && verified.contains(user.get(), password)) {
            return new Granted(
                    user.get()); // not limited: whoever is at work is not locked out by somebody else's guesses
        }
        Duration wait = limiter.wait(name, address);
        if (!wait.isZero()) {
            return new TooMany(wait);
        }
        PasswordHash expected = user.map(User::password).orElse(nobody);
        boolean right = password.length() <= LONGEST_PASSWORD && expected.matches(password);
        if (right && user.isPresent()) {
            verified.add(user.get(), password);
            return new Granted(user.get());
        }
        limiter.failed(name, address);
        LOG.warn("refused a login from {}", address); // not the name: people type passwords there
        return new Refused();
    }

    /** Returns the token of a new session of {@code user}. */
    public String begin(User user) {
        return sessions.begin(user);
    }

    /**
     * Returns the user of a session, as he is now; empty once the session has ended, the user is gone, or his password
     * was changed.
     */
    public Optional<User> known(String token) {
        return sessions.use(token)
                .flatMap(then ->
                        users.find(then.name()).filter(now -> now.password().equals(then.password())));
    }

    /** Ends a session. */
    public void end(String token) {
        sessions.end(token);
    }

    /** What comes of a try to log in. */
    public sealed interface Outcome {}

    /** The password is right. */
    public record Granted(User user) implements Outcome {}

    /** No such user, or the password is wrong: the same to whoever tries. */
    record Refused() implements Outcome {}

    /** Too many tries failed; the next one counts after {@code pause}. */
    public record TooMany(Duration pause) implements Outcome {}
}
