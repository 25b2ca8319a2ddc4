package org.vivarium.web.security.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.vivarium.web.security.users.PasswordHash;
import org.vivarium.web.security.users.Role;
import org.vivarium.web.security.users.User;

class VerifiedLoginsTest {
    private static final PasswordHash HASH = PasswordHash.of("right");

    private final AtomicLong nanos = new AtomicLong();
    private final VerifiedLogins verified = new VerifiedLogins(nanos::get);
    private final User ada = new User("ada", Set.of(Role.VIEWER), HASH);

    @Test
    void a_right_password_is_known_for_a_minute_for_that_user_alone() {
        assertThat(verified.contains(ada, "right")).isFalse();
        verified.add(ada, "right");

        assertThat(verified.contains(ada, "right")).isTrue();
        assertThat(verified.contains(ada, "wrong")).isFalse();
        assertThat(verified.contains(new User("bob", Set.of(Role.VIEWER), HASH), "right"))
                .isFalse();
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(verified.contains(ada, "right")).isFalse();
    }

    @Test
    void a_changed_password_is_forgotten_at_once() {
        verified.add(ada, "right");

        assertThat(verified.contains(new User("ada", Set.of(Role.VIEWER), PasswordHash.of("right")), "right"))
                .isFalse();
    }

    @Test
    void at_most_a_thousand_are_kept() {
        verified.add(ada, "first");
        for (int i = 0; i < 1_000; i++) {
            verified.add(ada, "password" + i);
        }
        assertThat(verified.contains(ada, "first")).isFalse();
        assertThat(verified.contains(ada, "password999")).isTrue();
    }
}
