package org.vivarium.web.rest.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;

class CallHeadersTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void no_headers_give_the_pools_own_timeout_and_a_new_correlation_id() {
        CallOptions first = new CallHeaders(null, null, null, null, CallContext.NONE).options();
        CallOptions second = new CallHeaders(null, null, null, null, CallContext.NONE).options();

        assertThat(first.timeout()).isNull();
        assertThat(first.priority()).isZero();
        assertThat(first.context().correlationId())
                .hasSize(36)
                .isNotEqualTo(second.context().correlationId());
    }

    @Test
    void all_headers_arrive() {
        CallContext context = new CallContext("s1", "c1", "p1", "e1", "t1", "n1", TRACE, "a=1,b=2", "k=v");

        CallOptions options = new CallHeaders("1500", "-5", "k1", "true", context).options();

        assertThat(options)
                .isEqualTo(new CallOptions(Duration.ofMillis(1_500), -5, context)
                        .withKey("k1")
                        .withIdempotent(true));
    }

    @Test
    void a_broken_traceparent_does_not_fail_the_call_and_is_left_to_the_pool_which_counts_it() {
        CallContext context = new CallContext(null, "c1", null, null, null, null, "00-xyz");

        assertThat(new CallHeaders(null, null, null, null, context)
                        .options()
                        .context()
                        .traceparent())
                .isEqualTo("00-xyz");
    }

    @Test
    void a_header_that_is_not_what_it_must_be_is_named() {
        assertRefused("soon", null, CallContext.NONE, "Vivarium-Timeout must be a whole number, was \"soon\"");
        assertRefused("0", null, CallContext.NONE, "timeout must be at least 1 ms, was PT0S");
        assertRefused(null, "high", CallContext.NONE, "Vivarium-Priority must be a whole number, was \"high\"");
        assertRefused(null, "101", CallContext.NONE, "priority must be from -100 to 100, was 101");
        assertRefused(
                null,
                null,
                CallContext.correlated("a\nb"),
                "X-Correlation-Id must be 1 to 200 printable ASCII characters without blanks");
        assertRefused(
                null,
                null,
                new CallContext("x".repeat(201), null, null, null, null, null, null),
                "Vivarium-Session must be 1 to 200 printable ASCII characters without blanks");
    }

    @Test
    void a_key_that_cannot_go_into_logs_is_refused() {
        assertThatThrownBy(() -> new CallHeaders(null, null, "a b", null, CallContext.NONE).options())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Vivarium-Key must be 1 to 200 printable ASCII characters without blanks");
    }

    @Test
    void whether_a_program_may_run_twice_is_said_by_true_or_false_or_left_to_the_program() {
        assertThat(idempotent(null)).isNull();
        assertThat(idempotent("true")).isTrue();
        assertThat(idempotent("false")).isFalse();
        assertThatThrownBy(() -> idempotent("yes"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Vivarium-Idempotent must be true or false, was \"yes\"");
    }

    private static Boolean idempotent(String value) {
        return new CallHeaders(null, null, null, value, CallContext.NONE)
                .options()
                .idempotent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Vivarium-Project", "Vivarium-Execution", "Vivarium-Task", "Vivarium-Node"})
    void an_id_that_cannot_go_into_logs_is_refused_with_the_name_of_its_header(String header) {
        for (String value : List.of("a\nb", "a b", "", "ü", "x".repeat(201))) {
            CallContext context = new CallContext(
                    null,
                    null,
                    header.equals("Vivarium-Project") ? value : null,
                    header.equals("Vivarium-Execution") ? value : null,
                    header.equals("Vivarium-Task") ? value : null,
                    header.equals("Vivarium-Node") ? value : null,
                    null);

            assertRefused(null, null, context, header + " must be 1 to 200 printable ASCII characters without blanks");
        }
    }

    private static void assertRefused(String timeout, String priority, CallContext context, String message) {
        assertThatThrownBy(() -> new CallHeaders(timeout, priority, null, null, context).options())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
