package org.vivarium.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.PythonException;
import org.vivarium.core.config.PoolSettings;

class RetriesTest {
    private static final Retries DEFAULTS = Retries.of(PoolSettings.DEFAULT, () -> 0.5);

    /** Row = category, whether a retry may help, whether a worker had the call, tries before, seconds left, delay. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "no", textBlock = """
            COMMUNICATION_ERROR | true  | true  | 0 | 60 | 1000
            COMMUNICATION_ERROR | true  | true  | 1 | 60 | 2000
            COMMUNICATION_ERROR | true  | true  | 2 | 60 | no
            COMMUNICATION_ERROR | true  | true  | 1 | 2  | no
            COMMUNICATION_ERROR | true  | true  | 0 | -1 | no
            PROTOCOL_ERROR      | true  | true  | 0 | 60 | 1000
            RESOURCE_ERROR      | true  | true  | 0 | 60 | 1000
            RESOURCE_ERROR      | true  | false | 0 | 60 | no
            RESOURCE_ERROR      | false | true  | 0 | 60 | no
            TIMEOUT_ERROR       | true  | true  | 0 | 60 | no
            PROGRAM_ERROR       | true  | true  | 0 | 60 | no
            SYSTEM_ERROR        | true  | true  | 0 | 60 | no
            VALIDATION_ERROR    | true  | true  | 0 | 60 | no
            SESSION_ERROR       | true  | true  | 0 | 60 | no
            """)
    void each_failure_has_its_delay_or_none(
            ErrorCategory category, boolean retryable, boolean reached, int before, int seconds, Long delayMillis) {
        assertThat(DEFAULTS.decide(failure(category, retryable, reached), before, Duration.ofSeconds(seconds)))
                .isEqualTo(delayMillis == null ? null : Duration.ofMillis(delayMillis));
    }

    @Property
    void a_delay_is_at_most_a_quarter_off_and_fits_before_the_deadline(
            @ForAll @IntRange(max = 50) int before,
            @ForAll @DoubleRange(max = 0.99) double chance,
            @ForAll @IntRange(min = 1, max = 100_000) int leftMillis) {
        Retries retries =
                new Retries(100, Retries.of(PoolSettings.DEFAULT, () -> chance).backoff());

        Duration delay = retries.decide(
                failure(ErrorCategory.COMMUNICATION_ERROR, true, true), before, Duration.ofMillis(leftMillis));

        double plain = Math.min(1_000 * Math.pow(2, before), 30_000);
        if (delay == null) {
            assertThat((double) leftMillis).isLessThanOrEqualTo(plain * 1.25);
        } else {
            assertThat((double) delay.toMillis()).isBetween(plain * 0.75 - 1, plain * 1.25 + 1);
            assertThat(delay.toMillis()).isLessThan(leftMillis);
        }
    }

    private static PythonException failure(ErrorCategory category, boolean retryable, boolean reached) {
        ErrorContext context = new ErrorContext("p", reached ? "p-1" : null, "echo", null, null, 0, 0, 1);
        return PythonException.of(new ErrorDetails(category, "Some", "some", null, null, context, retryable));
    }
}
