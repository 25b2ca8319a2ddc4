package org.vivarium.web.security.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.vivarium.api.view.settings.LoginLimits.Remembered;
import org.vivarium.web.security.login.VerifiedLogins.Recognition;
import org.vivarium.web.security.users.PasswordHash;
import org.vivarium.web.security.users.Role;
import org.vivarium.web.security.users.User;

class VerifiedLoginsTest {
    private static final String HERE = "10.0.0.1";
    private static final PasswordHash HASH = PasswordHash.of("right");

    private final AtomicLong nanos = new AtomicLong();
    private Remembered limits = Standard.VERIFIED;
    private final VerifiedLogins verified = new VerifiedLogins(nanos::get, () -> limits);
    private final User ada = new User("ada", Set.of(Role.VIEWER), HASH);

    @Test
    void a_right_password_is_known_for_a_week_for_that_user_at_that_address_alone() {
        assertThat(recognized(ada, "right")).isFalse();
        verified.add(ada, "right", HERE, Door.BASIC);

        assertThat(recognized(ada, "right")).isTrue();
        assertThat(recognized(ada, "wrong")).isFalse();
        assertThat(recognized(ada, "right", "10.0.0.2")).isFalse();
        assertThat(recognized(new User("bob", Set.of(Role.VIEWER), HASH), "right"))
                .isFalse();
        nanos.addAndGet(Duration.ofDays(7).toNanos());
        assertThat(recognized(ada, "right")).isFalse();
    }

    @Test
    void a_changed_password_is_forgotten_at_once() {
        verified.add(ada, "right", HERE, Door.BASIC);

        assertThat(recognized(new User("ada", Set.of(Role.VIEWER), PasswordHash.of("right")), "right"))
                .isFalse();
    }

    @Test
    void at_most_a_thousand_are_kept() {
        verified.add(ada, "first", HERE, Door.BASIC);
        for (int i = 0; i < 1_000; i++) {
            verified.add(ada, "password" + i, HERE, Door.BASIC);
        }
        assertThat(recognized(ada, "first")).isFalse();
        assertThat(recognized(ada, "password999")).isTrue();
    }

    @Test
    void limits_that_change_count_at_once() {
        verified.add(ada, "first", HERE, Door.BASIC);
        verified.add(ada, "second", HERE, Door.BASIC);
        limits = new Remembered(2, Duration.ofMinutes(1));
        verified.add(ada, "third", HERE, Door.BASIC);

        assertThat(recognized(ada, "first")).as("one too many").isFalse();
        assertThat(recognized(ada, "second")).isTrue();
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(recognized(ada, "second")).as("a minute is over").isFalse();
    }

    @Test
    void a_door_is_new_once() {
        verified.add(ada, "right", HERE, Door.FORM);

        assertThat(verified.recognize(ada, "right", HERE, Door.FORM)).isEqualTo(Recognition.KNOWN_BY_DOOR);
        assertThat(verified.recognize(ada, "right", HERE, Door.BASIC)).isEqualTo(Recognition.NEW_BY_DOOR);
        assertThat(verified.recognize(ada, "right", HERE, Door.BASIC)).isEqualTo(Recognition.KNOWN_BY_DOOR);
    }

    private boolean recognized(User user, String password) {
        return recognized(user, password, HERE);
    }

    private boolean recognized(User user, String password, String address) {
        return verified.recognize(user, password, address, Door.BASIC) != Recognition.NONE;
    }
}
