package org.vivarium.web.security.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.view.settings.LoginLimits.Remembered;
import org.vivarium.web.security.users.PasswordHash;
import org.vivarium.web.security.users.Role;
import org.vivarium.web.security.users.User;
import org.vivarium.web.security.users.UserStore;

class SessionsTest {
    private static final PasswordHash HASH = PasswordHash.of("secret");

    private final AtomicLong nanos = new AtomicLong();
    private Remembered limits = Standard.SESSIONS;
    private final Sessions sessions = new Sessions(nanos::get, () -> limits);
    private final User ada = new User("ada", Set.of(Role.VIEWER), HASH);

    @TempDir
    private Path home;

    @Test
    void a_session_lasts_as_long_as_it_is_used_every_half_hour() {
        String token = sessions.begin(ada);
        assertThat(token).hasSize(43).isNotEqualTo(sessions.begin(ada));

        pass(Duration.ofMinutes(29));
        assertThat(sessions.use(token)).contains(ada);
        pass(Duration.ofMinutes(29));
        assertThat(sessions.use(token)).contains(ada);
        pass(Duration.ofMinutes(30));
        assertThat(sessions.use(token)).isEmpty();
        pass(Duration.ofMinutes(-30));
        assertThat(sessions.use(token)).as("it stays ended").isEmpty();
    }

    @Test
    void a_session_that_was_ended_or_never_began_is_nobodys() {
        String token = sessions.begin(ada);
        sessions.end(token);

        assertThat(sessions.use(token)).isEmpty();
        assertThat(sessions.use("invented")).isEmpty();
    }

    @Test
    void memory_is_bounded_and_whoever_is_at_work_stays() {
        String idle = sessions.begin(ada);
        String used = sessions.begin(ada);
        for (int i = 0; i < 9_999; i++) {
            sessions.begin(ada);
            assertThat(sessions.use(used)).isPresent();
        }
        assertThat(sessions.use(idle)).isEmpty();
    }

    @Test
    void limits_that_change_count_at_once() {
        String token = sessions.begin(ada);
        String other = sessions.begin(ada);
        limits = new Remembered(2, Duration.ofMinutes(1));
        String third = sessions.begin(ada);

        assertThat(sessions.use(token)).as("one too many").isEmpty();
        assertThat(sessions.use(other)).isPresent();
        pass(Duration.ofMinutes(1));
        assertThat(sessions.use(third)).as("unused for a minute").isEmpty();
    }

    @Test
    void a_changed_password_ends_the_sessions_of_its_user() throws IOException {
        Authenticator authenticator = new Authenticator(
                UserStore.open(home, "before", nanos::get).store(), nanos::get, () -> Standard.LIMITS);
        User admin = ((Authenticator.Granted) authenticator.check("admin", "before", "10.0.0.1")).user();
        String token = authenticator.begin(admin);
        assertThat(authenticator.known(token)).contains(admin);

        Files.writeString(home.resolve(UserStore.FILE), "admin vivarium-admin plain:after\n");
        pass(Duration.ofSeconds(1));

        assertThat(authenticator.known(token)).isEmpty();
    }

    @Test
    void the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        assertThat(SessionCookie.header("abc", "/vivarium", false))
                .isEqualTo("VIVARIUM_SESSION=abc; Path=/vivarium; HttpOnly; SameSite=Strict");
        assertThat(SessionCookie.header("abc", "/vivarium", true)).endsWith("; Secure");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
