package org.vivarium.api.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeriodTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);

    @Test
    void what_is_missing_is_the_last_hour_in_minutes() {
        Period hour = new Period(NOW.minusSeconds(3_600), NOW, Duration.ofMinutes(1));

        assertThat(Period.parse(null, null, null, CLOCK)).isEqualTo(hour);
        assertThat(Period.parse("", " ", "", CLOCK)).isEqualTo(hour);
        assertThat(Period.parse("2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z", "PT5S", CLOCK))
                .isEqualTo(new Period(NOW.minusSeconds(7_200), NOW.minusSeconds(3_600), Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @CsvSource({"yesterday,,", ",tomorrow,", ",,5s"})
    void anything_else_is_refused_in_one_sentence(String from, String to, String step) {
        assertThatThrownBy(() -> Period.parse(from, to, step, CLOCK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "from and to must be instants such as 2026-11-21T10:00:00Z, and step a duration");
    }
}
