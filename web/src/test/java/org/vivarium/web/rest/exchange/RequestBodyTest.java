package org.vivarium.web.rest.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestBodyTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "nothing", textBlock = """
            {"a":       | 400 | MalformedJson
            [1]         | 422 | InvalidInput
            nothing     | 422 | InvalidInput
            """)
    void anything_but_an_object_is_refused(String text, int status, String type) {
        assertProblem(() -> RequestBody.small(stream(text == null ? "" : text)).members(), status, type);
    }

    @Test
    void a_body_that_breaks_off_is_the_callers_fault() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }
        };
        assertProblem(() -> RequestBody.small(broken), 400, "BodyNotRead");
    }

    @Test
    void members_are_values_of_the_jdk() {
        assertThat(RequestBody.small(stream("{\"a\":1,\"b\":1.5,\"c\":\"x\",\"d\":true}"))
                        .members())
                .isEqualTo(Map.of("a", BigDecimal.ONE, "b", new BigDecimal("1.5"), "c", "x", "d", true));
        assertThatThrownBy(
                        () -> RequestBody.small(stream("{\"QueueLimit\":null}")).members())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("QueueLimit must be a number, a boolean or text, was null");
    }

    @Test
    void a_member_that_must_be_a_whole_number_is_one() {
        assertThat(RequestBody.small(stream("{\"size\":3}")).wholeNumber("size"))
                .isEqualTo(3);
        for (String wrong : new String[] {"{}", "{\"size\":\"3\"}", "{\"size\":1.5}", "{\"size\":99999999999}"}) {
            assertThatThrownBy(() -> RequestBody.small(stream(wrong)).wholeNumber("size"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("whole number");
        }
    }

    private static void assertProblem(ThrowingCallable action, int status, String type) {
        assertThatThrownBy(action).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().status()).isEqualTo(status);
            assertThat(e.problem().type()).isEqualTo(type);
        });
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
}
