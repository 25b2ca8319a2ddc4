package org.vivarium.web.security.login;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.view.settings.LoginLimits;
import org.vivarium.web.security.login.VerifiedLogins.Recognition;
import org.vivarium.web.security.users.PasswordHash;
import org.vivarium.web.security.users.User;
import org.vivarium.web.security.users.UserStore;

/** Checks names and passwords. Thread safe. */
public final class Authenticator {
    /** The logger of who changed what, and of who logged in. */
    static final String AUDIT = "vivarium.audit";

    private static final Logger LOG = LoggerFactory.getLogger(AUDIT);
    private static final int LONGEST_PASSWORD = 1_024; // longer ones only cost time
    private static final Duration BUSY = Duration.ofSeconds(1);

    private final UserStore users;
    private final LoginLimiter limiter;
    private final VerifiedLogins verified;
    private final Sessions sessions;
    private final HashPermits permits;
    private final PasswordHash nobody =
            PasswordHash.of("nobody"); // so that an unknown name takes as long as a wrong password

    /**
     * Makes one that hashes at most as many passwords at once as half of the processors; {@code nanos} is monotonic,
     * and {@code limits} are asked for each login.
     */
    public Authenticator(UserStore users, LongSupplier nanos, Supplier<LoginLimits> limits) {
        this(
                users,
                nanos,
                limits,
                new HashPermits(
                        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                        () -> limits.get().hashPatience()));
    }

    Authenticator(UserStore users, LongSupplier nanos, Supplier<LoginLimits> limits, HashPermits permits) {
        this.users = users;
        this.limiter = new LoginLimiter(nanos, () -> limits.get().failures());
        this.verified = new VerifiedLogins(nanos, () -> limits.get().verified());
        this.sessions = new Sessions(nanos, () -> limits.get().sessions());
        this.permits = permits;
    }

    /**
     * Returns what comes of a request by HTTP Basic from {@code address}. A success is logged when the password is
     * given for the first time, not for each request that follows while it is remembered.
     */
    public Outcome check(String name, String password, String address) {
        Outcome outcome = judge(name, password, address, Door.BASIC);
        if (outcome instanceof Granted granted && granted.isNew()) {
            loggedIn(granted.user(), "basic", address);
        }
        return outcome;
    }

    /** Returns what comes of a try to log in by the form from {@code address}. */
    public Outcome logIn(String name, String password, String address) {
        Outcome outcome = judge(name, password, address, Door.FORM);
        if (outcome instanceof Granted granted) {
            loggedIn(granted.user(), "form", address);
        }
        return outcome;
    }

    private static void loggedIn(User user, String door, String address) {
        LOG.info("action=login actor={} door={} address={}", user.name(), door, address);
    }

    private Outcome judge(String name, String password, String address, Door door) {
        Optional<User> user = users.find(name);
        if (limiter.mayRecognize(name, address)) {
            Recognition recognition = user.map(known -> verified.recognize(known, password, address, door))
                    .orElse(Recognition.NONE);
            if (user.isPresent() && recognition != Recognition.NONE) { // not limited: others' guesses lock nobody out
                return new Granted(user.get(), recognition == Recognition.NEW_BY_DOOR);
            }
            limiter.unrecognized(name, address);
        }
        Duration wait = limiter.wait(name, address);
        return wait.isZero() ? hashed(user, new Attempt(name, password, address, door)) : new TooMany(wait);
    }

    private Outcome hashed(Optional<User> user, Attempt attempt) {
        PasswordHash expected = user.map(User::password).orElse(nobody);
        Optional<Boolean> right = permits.compute(limiter.floods(attempt.address), () -> attempt.isOf(expected));
        if (right.isEmpty()) {
            return new TooMany(BUSY);
        } else if (right.get() && user.isPresent()) {
            verified.add(user.get(), attempt.password, attempt.address, attempt.door);
            return new Granted(user.get(), true);
        }
        limiter.failed(attempt.name, attempt.address);
        LOG.warn("refused a login from {}", attempt.address); // not the name: people type passwords there
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

    /** Ends a session, if there is one, because another begins. */
    public void end(String token) {
        var unused = sessions.end(token);
    }

    /** Ends a session, if there is one, because its user at {@code address} wishes it. */
    public void logOut(String token, String address) {
        sessions.end(token)
                .ifPresent(user -> LOG.info("action=logout actor={} door=form address={}", user.name(), address));
    }

    private record Attempt(String name, String password, String address, Door door) {
        boolean isOf(PasswordHash expected) {
            return password.length() <= LONGEST_PASSWORD && expected.matches(password);
        }

        @Override
        public String toString() {
            return "Attempt[from " + address + ']'; // never the password
        }
    }

    /** What comes of a try to log in. */
    public sealed interface Outcome {}

    /**
     * The password is right.
     *
     * @param isNew whether it was not given from there by the same door while it is remembered
     */
    public record Granted(User user, boolean isNew) implements Outcome {}

    /** No such user, or the password is wrong: the same to whoever tries. */
    record Refused() implements Outcome {}

    /** Too many tries failed, or are under way; the next one counts after {@code pause}. */
    public record TooMany(Duration pause) implements Outcome {}
}
