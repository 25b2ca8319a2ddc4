package org.vivarium.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vivarium.api.CallContext;
import org.vivarium.core.telemetry.Telemetry;

class TraceContextTest {
    private static final String IDS = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
    private static final String VALID = "00-" + IDS + "-01";

    @Test
    void a_valid_traceparent_travels_as_it_is() {
        assertThat(TraceContext.parent(VALID)).isEqualTo(VALID);
        assertThat(TraceContext.parent("00-" + IDS + "-00")).isEqualTo("00-" + IDS + "-00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-xyz",
                "ff-" + IDS + "-01",
                "0g-" + IDS + "-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                VALID + " ",
                VALID + "\n",
                VALID + "-",
                VALID + "-what-the-future-will-be-like",
                "cc-" + IDS + "-01.what",
                "cc-" + IDS + "-0",
                "cc-" + IDS + "-0x-more",
            })
    void what_is_no_traceparent_is_left_out(String given) {
        assertThat(TraceContext.parent(given)).isNull();
    }

    @Test
    void of_a_later_version_what_is_known_travels_as_version_00() {
        assertThat(TraceContext.parent("cc-" + IDS + "-01")).isEqualTo(VALID);
        assertThat(TraceContext.parent("01-" + IDS + "-01-what-the-future-will-be-like"))
                .isEqualTo(VALID);
        assertThat(TraceContext.parent("fe-" + IDS + "-f8")).isEqualTo("00-" + IDS + "-00");
        assertThat(TraceContext.parent("cc-" + IDS + "-01-" + "x".repeat(1_000)))
                .isNull();
    }

    @Test
    void a_tracestate_is_a_list_of_at_most_32_members_of_known_form() {
        assertThat(TraceContext.state("rojo=00f067aa0ba902b7, congo=t61rcWkgMzE,,1a@vendor=x y"))
                .isEqualTo("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE,1a@vendor=x y");
        assertThat(TraceContext.state("rojo")).isNull();
        assertThat(TraceContext.state("Rojo=1")).isNull();
        assertThat(TraceContext.state("a=\u0001")).isNull();
        assertThat(TraceContext.state("a=1=2")).isNull();
        assertThat(TraceContext.state("a=")).isNull();
        assertThat(TraceContext.state(" , ")).isNull();
        assertThat(TraceContext.state(members(32))).isEqualTo(members(32));
        assertThat(TraceContext.state(members(33))).isNull();
    }

    @Test
    void of_a_long_tracestate_large_members_are_left_out_and_then_the_last() {
        String large = "large=" + "x".repeat(200);
        assertThat(TraceContext.state("a=1," + large + ",b=2")).isEqualTo("a=1," + large + ",b=2");
        assertThat(TraceContext.state("a=1," + large + "," + large + "," + large + ",b=2"))
                .isEqualTo("a=1," + large + "," + large + ",b=2");
        String middle = IntStream.range(0, 6)
                .mapToObj(i -> "m" + i + "=" + "x".repeat(97))
                .collect(Collectors.joining(","));
        assertThat(TraceContext.state(middle))
                .isEqualTo(middle.substring(0, 504))
                .endsWith("x");
    }

    @Test
    void baggage_is_bounded_and_of_known_form() {
        assertThat(TraceContext.baggage("userId=alice , serverNode = DF%2028;isProduction;p=1"))
                .isEqualTo("userId=alice,serverNode = DF%2028;isProduction;p=1");
        assertThat(TraceContext.baggage("no value")).isNull();
        assertThat(TraceContext.baggage("k=\"quoted\"")).isNull();
        assertThat(TraceContext.baggage("k=a\nb")).isNull();
        assertThat(TraceContext.baggage("k=" + "x".repeat(8_190))).hasSize(8_192);
        assertThat(TraceContext.baggage("k=" + "x".repeat(8_191))).isNull();
        assertThat(TraceContext.baggage("k=v,".repeat(181))).isNull();
    }

    @Test
    void what_is_lost_is_counted_once_for_each_call() {
        Telemetry telemetry = new Telemetry(Thread::new);
        CallContext nothing = CallContext.correlated("c1");
        assertThat(telemetry.checked(nothing)).isSameAs(nothing);
        CallContext valid = nothing.withTrace(VALID, "a=1", "b=2");
        assertThat(telemetry.checked(valid)).isEqualTo(valid);
        assertThat(telemetry.invalidTraces()).isZero();

        assertThat(telemetry.checked(nothing.withTrace("00-xyz", "a=1", "b")))
                .as("a state without its parent means nothing")
                .isEqualTo(nothing);
        assertThat(telemetry.checked(nothing.withTrace(VALID, "A", "b=2")))
                .isEqualTo(nothing.withTrace(VALID, null, "b=2"));
        assertThat(telemetry.checked(nothing.withTrace(null, "a=1", null))).isEqualTo(nothing);

        assertThat(telemetry.invalidTraces()).isEqualTo(3);
    }

    private static String members(int amount) {
        return IntStream.range(0, amount).mapToObj(i -> "k" + i + "=" + i).collect(Collectors.joining(","));
    }
}
