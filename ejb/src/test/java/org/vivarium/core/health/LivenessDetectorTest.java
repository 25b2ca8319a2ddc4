package org.vivarium.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LivenessDetectorTest {
    private static final Duration CPU = Duration.ofMillis(400);

    private final LivenessDetector detector = new LivenessDetector();

    @Test
    void a_process_that_neither_beats_nor_uses_the_processor_is_lifeless_all_the_time() {
        for (int second = 1; second <= 6; second++) {
            assertThat(detector.observe(Duration.ofSeconds(second), false, CPU)).hasSeconds(second);
        }
    }

    @Test
    void processor_time_used_since_the_last_look_is_a_sign_of_life() {
        for (int second = 1; second <= 600; second++) {
            Duration lifeless = detector.observe(Duration.ofSeconds(second), false, CPU.plusMillis(300L * second));
            assertThat(lifeless).isLessThanOrEqualTo(Duration.ofSeconds(1));
        }
    }

    @Test
    void the_little_that_threads_use_who_wait_for_the_interpreter_lock_is_no_sign_of_life() {
        for (int second = 1; second <= 600; second++) {
            assertThat(detector.observe(Duration.ofSeconds(second), false, CPU.plusMillis(10L * second)))
                    .hasSeconds(second);
        }
    }

    @Test
    void waiting_for_a_processor_is_a_sign_of_life_even_if_it_gets_none() {
        for (int second = 1; second <= 600; second++) {
            assertThat(detector.observe(Duration.ofSeconds(second), true, CPU)).isZero();
        }
    }

    @Test
    void what_stops_after_having_computed_is_lifeless_from_then_on() {
        for (int second = 1; second <= 10; second++) {
            detector.observe(Duration.ofSeconds(second), true, Duration.ofSeconds(second));
        }

        assertThat(detector.observe(Duration.ofSeconds(11), false, Duration.ofSeconds(10)))
                .hasSeconds(1);
        assertThat(detector.observe(Duration.ofSeconds(15), false, Duration.ofSeconds(10)))
                .hasSeconds(5);
    }

    @Test
    void a_heartbeat_begins_everything_anew() {
        detector.observe(Duration.ofSeconds(9), true, CPU);
        detector.heard();

        assertThat(detector.observe(Duration.ofSeconds(3), false, CPU.plusSeconds(1)))
                .as("the processor time from before is no sign of life after")
                .hasSeconds(3);
    }

    @Test
    void a_heartbeat_between_two_looks_is_noticed_by_the_shorter_silence() {
        detector.observe(Duration.ofSeconds(9), true, CPU);

        assertThat(detector.observe(Duration.ofSeconds(2), false, CPU.plusSeconds(1)))
                .hasSeconds(2);
    }
}
