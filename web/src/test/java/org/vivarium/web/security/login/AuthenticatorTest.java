package org.vivarium.web.security.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.web.security.login.Authenticator.Granted;
import org.vivarium.web.security.login.Authenticator.Outcome;
import org.vivarium.web.security.login.Authenticator.Refused;
import org.vivarium.web.security.login.Authenticator.TooMany;
import org.vivarium.web.security.users.Role;
import org.vivarium.web.security.users.UserStore;

class AuthenticatorTest {
    private final AtomicLong nanos = new AtomicLong();

    @TempDir
    private Path home;

    private Authenticator authenticator;

    @BeforeEach
    void open() throws IOException {
        authenticator =
                new Authenticator(UserStore.open(home, "right", nanos::get).store(), nanos::get);
    }

    @Test
    void the_right_password_is_granted_and_a_wrong_one_or_unknown_name_refused_alike() {
        assertThat(check("admin", "right"))
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.user().roles()).containsExactly(Role.ADMIN));
        assertThat(check("admin", "wrong")).isEqualTo(new Refused());
        assertThat(check("nobody", "nobody")).isEqualTo(new Refused());
        assertThat(check("admin", "x".repeat(2_000))).isEqualTo(new Refused());
    }

    @Test
    void guessing_is_stopped_but_whoever_has_logged_in_just_now_works_on() {
        check("admin", "right");
        for (int i = 0; i < 10; i++) {
            assertThat(check("admin", "wrong")).isInstanceOf(Refused.class);
        }

        assertThat(check("admin", "wrong"))
                .isInstanceOfSatisfying(
                        TooMany.class,
                        tooMany -> assertThat(tooMany.pause()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(6)));
        assertThat(check("admin", "right")).as("remembered for a minute").isInstanceOf(Granted.class);

        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(check("admin", "right")).isInstanceOf(Granted.class);
    }

    private Outcome check(String name, String password) {
        return authenticator.check(name, password, "10.0.0.1");
    }
}
