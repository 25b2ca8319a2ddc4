package org.vivarium.web.security.users;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users who may log in, kept in {@code users.conf} in the home directory.
 *
 * <p>There is no default password: if there is no file, one is made with the user {@code admin} and a generated
 * password, which is written into {@value #FIRST_PASSWORD} beside it, and nowhere else; that file is deleted as soon as
 * {@code admin} is seen to have another password. The users are looked at again at most once a second, when somebody
 * logs in; a file that cannot be read leaves the last good users in place. Thread safe.
 */
public final class UserStore {
    /** The file's name in the home directory. */
    public static final String FILE = "users.conf";

    /** The file in the home directory with the generated password. */
    public static final String FIRST_PASSWORD = "first-password";

    public static final String ADMIN = "admin";

    private static final Logger LOG = LoggerFactory.getLogger(UserStore.class);
    private static final long LOOK_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String LETTERS =
            "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // none that look alike
    private static final int PASSWORD_LENGTH = 20; // 116 bits

    private final UserFile file;
    private final FirstPassword firstPassword;
    private final LongSupplier nanos;
    private volatile Map<String, User> users = Map.of();
    private volatile long version;
    private volatile long lastLook;

    private UserStore(Path home, LongSupplier nanos) {
        this.file = new UserFile(home.resolve(FILE));
        this.firstPassword = new FirstPassword(home.resolve(FIRST_PASSWORD));
        this.nanos = nanos;
    }

    /**
     * Opens the users in {@code home}, and makes the file if there is none.
     *
     * @param adminPassword the password that {@code admin} is to have from now on; {@code null} to leave it, or to
     *     generate one
     * @param nanos a monotonic clock
     * @throws IOException if a file cannot be read or written, or not so that only its owner can read it
     */
    public static Opened open(Path home, @Nullable String adminPassword, LongSupplier nanos) throws IOException {
        UserStore store = new UserStore(home, nanos);
        UserFile file = store.file;
        boolean first = !file.exists();
        Map<String, User> users = new LinkedHashMap<>(first ? Map.of() : file.read());
        String wanted = adminPassword;
        if (first && wanted == null) {
            wanted = generatePassword();
            store.firstPassword.write(wanted); // before its hash, which without it would be of no use
        }
        User admin = users.get(ADMIN);
        if (wanted != null && (admin == null || !admin.password().matches(wanted))) {
            users.put(ADMIN, new User(ADMIN, Set.of(Role.ADMIN), PasswordHash.of(wanted)));
            file.write(users);
        }
        store.users = users;
        store.version = file.version();
        store.lastLook = nanos.getAsLong();
        store.firstPassword.deleteUnlessOf(users.get(ADMIN));
        return new Opened(store, store.firstPassword.file().orElse(null));
    }

    /** Returns the user of that name. */
    public Optional<User> find(String name) {
        if (nanos.getAsLong() - lastLook >= LOOK_INTERVAL_NANOS) {
            look();
        }
        return Optional.ofNullable(users.get(name));
    }

    private synchronized void look() {
        lastLook = nanos.getAsLong();
        try {
            long found = file.version();
            if (found != version) {
                version = found; // a mistake is complained about once
                users = file.read();
                version = file.version(); // reading may have replaced plain passwords
                firstPassword.deleteUnlessOf(users.get(ADMIN));
            }
        } catch (IOException e) {
            LOG.error("keeping the previous users: {}", e.getMessage(), e);
        }
    }

    private static String generatePassword() {
        SecureRandom random = new SecureRandom();
        return random.ints(PASSWORD_LENGTH, 0, LETTERS.length())
                .collect(StringBuilder::new, (text, index) -> text.append(LETTERS.charAt(index)), StringBuilder::append)
                .toString();
    }

    /**
     * A store, and where the generated password of {@code admin} is.
     *
     * @param firstPassword {@code null} once {@code admin} has another one
     */
    public record Opened(UserStore store, @Nullable Path firstPassword) {}
}
