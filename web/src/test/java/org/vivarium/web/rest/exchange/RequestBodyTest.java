package org.vivarium.web.rest.exchange;

import static java.nio.charset.StandardCharsets.UTF_16;
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
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodyTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "{}", " {\"a\": [1, {\"b\": null}]} \n"})
    void an_object_or_nothing_passes_unchanged(String text) {
        assertThat(RequestBody.inputs(stream(text)).checkedObject()).isEqualTo(text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"a":       | 400 | MalformedJson
            {} {}       | 400 | MalformedJson
            {'a':1}     | 400 | MalformedJson
            nonsense    | 400 | MalformedJson
            [1]         | 422 | InvalidInput
            "text"      | 422 | InvalidInput
            17          | 422 | InvalidInput
            """)
    void anything_else_is_refused(String text, int status, String type) {
        assertProblem(() -> RequestBody.inputs(stream(text)).checkedObject(), status, type);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            {'a':1}         | line no=1, column no=2, offset=1
            {"a" 1}         | line no=1, column no=6, offset=5
            {"a":[1,,2]}    | line no=1, column no=9, offset=8
            """)
    void an_error_says_where_it_is(String text, String position) {
        assertThatThrownBy(() -> RequestBody.inputs(stream(text)).checkedObject())
                .hasMessageContaining("the body is not JSON in UTF-8: ")
                .hasMessageContaining('(' + position + ')');
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\":", "{\"a\":1", "{\"a\":\"b", "{\"a\":nul", "{\"a\" 12"})
    void an_error_at_the_end_has_no_position_because_the_parser_counts_wrongly_there(String text) {
        for (RequestBody body : new RequestBody[] {
            RequestBody.inputs(stream(text)), RequestBody.inputs(stream(" ".repeat(10_000) + text))
        }) {
            assertThatThrownBy(body::checkedObject)
                    .hasMessage("the body is not JSON in UTF-8: something is missing or wrong at its end");
        }
    }

    @Test
    void a_body_that_is_nested_too_deeply_is_malformed() {
        for (int levels : new int[] {501, 100_000}) {
            InputStream arrays = stream("{\"a\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + '}');
            assertThatThrownBy(() -> RequestBody.inputs(arrays).checkedObject())
                    .hasMessage("the body is not JSON in UTF-8: it is nested more than 500 levels deep");
            InputStream objects = stream("{\"a\":".repeat(levels) + "1" + "}".repeat(levels));
            assertProblem(() -> RequestBody.small(objects).members(), 400, "MalformedJson");
        }
        String deepest = "{\"a\":" + "[[],".repeat(498) + "[]" + "]".repeat(498) + '}';
        assertThat(RequestBody.inputs(stream(deepest)).checkedObject()).hasSize(deepest.length());
    }

    @Test
    void bytes_that_are_no_utf_8_are_refused() {
        byte[] latin = {'{', '"', 'a', '"', ':', '"', (byte) 0xe4, '"', '}'};

        assertProblem(() -> RequestBody.inputs(new ByteArrayInputStream(latin)).checkedObject(), 400, "MalformedJson");
        byte[] utf16 = "{\"a\":1}".getBytes(UTF_16);
        assertProblem(() -> RequestBody.inputs(new ByteArrayInputStream(utf16)).checkedObject(), 400, "MalformedJson");
    }

    @Test
    void a_body_is_refused_once_it_is_longer_than_the_limit_and_not_read_on() throws IOException {
        assertThat(RequestBody.read(stream("12345"), 5)).hasSize(5);
        InputStream six = stream("1234567890");

        assertProblem(() -> RequestBody.read(six, 5), 413, "BodyTooLarge");
        assertThat(six.available()).isEqualTo(4);
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
