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
    private static final String HERE = "10.0.0.1";
    private static final PasswordHash HASH = PasswordHash.of("right");

    private final AtomicLong nanos = new AtomicLong();
    private final VerifiedLogins verified = new VerifiedLogins(nanos::get);
    private final User ada = new User("ada", Set.of(Role.VIEWER), HASH);

    @Test
    void a_right_password_is_known_for_a_week_for_that_user_at_that_address_alone() {
        assertThat(verified.contains(ada, "right", HERE)).isFalse();
        verified.add(ada, "right", HERE);

        assertThat(verified.contains(ada, "right", HERE)).isTrue();
        assertThat(verified.contains(ada, "wrong", HERE)).isFalse();
        assertThat(verified.contains(ada, "right", "10.0.0.2")).isFalse();
        assertThat(verified.contains(new User("bob", Set.of(Role.VIEWER), HASH), "right", HERE))
                .isFalse();
        nanos.addAndGet(Duration.ofDays(7).toNanos());
        assertThat(verified.contains(ada, "right", HERE)).isFalse();
    }

    @Test
    void a_changed_password_is_forgotten_at_once() {
        verified.add(ada, "right", HERE);

        assertThat(verified.contains(new User("ada", Set.of(Role.VIEWER), PasswordHash.of("right")), "right", HERE))
                .isFalse();
    }

    @Test
    void at_most_a_thousand_are_kept() {
        verified.add(ada, "first", HERE);
        for (int i = 0; i < 1_000; i++) {
            verified.add(ada, "password" + i, HERE);
        }
        assertThat(verified.contains(ada, "first", HERE)).isFalse();
        assertThat(verified.contains(ada, "password999", HERE)).isTrue();
    }
}
