package org.vivarium.core.process.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.vivarium.testing.ManualTicker;

class SilenceTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTicker ticker = new ManualTicker();
    private final Silence silence = new Silence(ticker.nanos());

    @Test
    void a_worker_that_is_heard_between_two_passes_of_the_reader_is_not_silent() {
        for (int pass = 0; pass < 100; pass++) {
            silence.heard();
            read(SECOND);
            assertThat(silence.length()).isZero();
        }
    }

    @Test
    void silence_grows_with_the_time_in_which_the_reader_was_at_work() {
        read(SECOND);
        assertThat(silence.length()).as("it was heard at the start").isZero();
        read(SECOND);
        read(SECOND);
        assertThat(silence.length()).hasSeconds(2);
    }

    @Test
    void the_first_sign_of_life_ends_it() {
        for (int pass = 0; pass < 10; pass++) {
            read(SECOND);
        }
        silence.heard();

        assertThat(silence.length()).isZero();
    }

    @Test
    void an_hour_in_which_the_server_stood_still_is_no_silence_of_the_worker() {
        read(SECOND);
        ticker.advance(Duration.ofHours(1)); // stopped just after the reader had looked and before it said so
        silence.read(ticker.nanos());
        assertThat(silence.length()).isLessThanOrEqualTo(Silence.MOST);

        silence.heard(); // what had come meanwhile
        read(SECOND);
        assertThat(silence.length()).isZero();
    }

    private void read(Duration after) {
        ticker.advance(after);
        silence.read(ticker.nanos());
    }
}
