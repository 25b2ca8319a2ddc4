package org.vivarium.web.security.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.vivarium.api.view.settings.LoginLimits.Failures;

class LoginLimiterTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // a monotonic clock may overflow
    private Failures limits = Standard.FAILURES;
    private final LoginLimiter limiter = new LoginLimiter(nanos::get, () -> limits);

    @Test
    void an_address_may_fail_ten_times_and_gets_one_try_back_every_six_seconds() {
        for (int i = 0; i < 10; i++) {
            assertThat(limiter.wait("user", "10.0.0.1")).isZero();
            limiter.failed("user", "10.0.0.1");
        }
        assertThat(limiter.floods("10.0.0.1")).isTrue();
        assertThat(limiter.wait("user", "10.0.0.1")).isEqualTo(Duration.ofSeconds(6));
        assertThat(limiter.wait("user", "10.0.0.2")).isZero();

        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThat(limiter.floods("10.0.0.1")).isFalse();
        assertThat(limiter.wait("user", "10.0.0.1")).isZero();
        limiter.failed("user", "10.0.0.1");
        assertThat(limiter.wait("user", "10.0.0.1")).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void who_has_not_failed_is_not_locked_out_by_others_at_the_same_address() {
        for (int i = 0; i < 10; i++) {
            limiter.failed("guessed" + i, "10.0.0.1");
        }

        assertThat(limiter.wait("ada", "10.0.0.1")).isZero();
        assertThat(limiter.wait("guessed1", "10.0.0.1")).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void a_password_is_recognized_only_while_few_others_are_tried_for_that_name_from_there() {
        for (int i = 0; i < 100; i++) {
            assertThat(limiter.mayRecognize("ada", "10.0.0.1")).isTrue();
            limiter.unrecognized("ada", "10.0.0.1");
        }
        assertThat(limiter.mayRecognize("ada", "10.0.0.1")).isFalse();
        assertThat(limiter.mayRecognize("ada", "10.0.0.2")).isTrue();
        assertThat(limiter.mayRecognize("bob", "10.0.0.1")).isTrue();

        nanos.addAndGet(Duration.ofMillis(600).toNanos());
        assertThat(limiter.mayRecognize("ada", "10.0.0.1")).isTrue();
    }

    @Test
    void a_name_may_fail_twenty_times_from_wherever() {
        for (int i = 0; i < 20; i++) {
            limiter.failed("admin", "10.0.0." + i);
        }
        assertThat(limiter.wait("admin", "10.0.1.1")).isEqualTo(Duration.ofSeconds(3));
        assertThat(limiter.wait("ada", "10.0.1.1")).isZero();
    }

    @Test
    void limits_that_change_count_at_once() {
        for (int i = 0; i < 10; i++) {
            limiter.failed("user", "10.0.0.1");
        }
        assertThat(limiter.floods("10.0.0.1")).isTrue();

        limits = new Failures(Duration.ofMinutes(2), 20, 20, 100);
        assertThat(limiter.floods("10.0.0.1")).isFalse();
        limits = new Failures(Duration.ofSeconds(30), 10, 20, 100);
        assertThat(limiter.wait("user", "10.0.0.1")).isEqualTo(Duration.ofSeconds(33));
    }

    @Test
    void memory_is_bounded() {
        for (int i = 0; i < 10; i++) {
            limiter.failed("name" + i, "old");
        }
        for (int i = 0; i < 10_000; i++) {
            limiter.failed("name" + i, "address" + i);
        }
        assertThat(limiter.floods("old")).as("forgotten").isFalse();
    }
}
