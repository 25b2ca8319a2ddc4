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
                new Authenticator(UserStore.open(home, "right", nanos::get).store(), nanos::get, () -> Standard.LIMITS);
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
    void guessing_is_stopped_but_whoever_has_logged_in_from_there_works_on() {
        check("admin", "right");
        for (int i = 0; i < 10; i++) {
            assertThat(check("admin", "wrong")).isInstanceOf(Refused.class);
        }

        assertThat(check("admin", "wrong"))
                .isInstanceOfSatisfying(
                        TooMany.class,
                        tooMany -> assertThat(tooMany.pause()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(6)));
        assertThat(check("admin", "right")).as("recognized").isInstanceOf(Granted.class);
    }

    @Test
    void a_flood_from_an_address_does_not_lock_out_a_user_there_who_logged_in_days_ago() {
        check("admin", "right");
        nanos.addAndGet(Duration.ofDays(3).toNanos());
        for (int i = 0; i < 90; i++) {
            check("admin", "guess" + i);
        }

        assertThat(check("admin", "right")).isInstanceOf(Granted.class);
        assertThat(authenticator.logIn("admin", "right", "10.0.0.1")).isInstanceOf(Granted.class);
    }

    @Test
    void nor_a_user_there_who_was_never_seen_if_others_are_guessed_at() {
        for (int i = 0; i < 15; i++) {
            check("user" + i, "guess");
        }

        assertThat(check("admin", "right")).isInstanceOf(Granted.class);
    }

    @Test
    void a_right_password_cannot_be_found_by_trying_faster_than_the_limits_allow() {
        check("admin", "right");
        for (int i = 0; i < 200; i++) {
            check("admin", "guess" + i);
        }

        assertThat(check("admin", "right")).as("one of many guesses").isInstanceOf(TooMany.class);
        assertThat(authenticator.check("admin", "right", "10.0.0.2"))
                .as("elsewhere nothing is recognized, but the name may be tried")
                .isInstanceOf(Granted.class);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(check("admin", "right")).as("the flood is over").isInstanceOf(Granted.class);
    }

    @Test
    void a_password_is_new_by_basic_once_although_it_was_given_to_the_form() {
        assertThat(authenticator.logIn("admin", "right", "10.0.0.1")).isInstanceOf(Granted.class);

        assertThat(check("admin", "right"))
                .isInstanceOfSatisfying(
                        Granted.class, granted -> assertThat(granted.isNew()).isTrue());
        assertThat(check("admin", "right"))
                .isInstanceOfSatisfying(
                        Granted.class, granted -> assertThat(granted.isNew()).isFalse());
    }

    @Test
    void who_gets_no_turn_to_be_checked_is_told_to_come_back() throws IOException {
        Authenticator busy = new Authenticator(
                UserStore.open(home, "right", nanos::get).store(),
                nanos::get,
                () -> Standard.LIMITS,
                new HashPermits(0, () -> Duration.ZERO));

        assertThat(busy.check("admin", "right", "10.0.0.1")).isEqualTo(new TooMany(Duration.ofSeconds(1)));
    }

    private Outcome check(String name, String password) {
        return authenticator.check(name, password, "10.0.0.1");
    }
}
