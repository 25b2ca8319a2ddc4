package org.vivarium.web.json;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectsTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "{}", " {\"a\": [1, {\"b\": null}]} \n", "{\"é\": \"\\u00e9 😀\"}"})
    void an_object_or_nothing_passes(String text) {
        assertThat(problem(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            {"a":       | 400 | MalformedJson
            {} {}       | 400 | MalformedJson
            {}]         | 400 | MalformedJson
            {'a':1}     | 400 | MalformedJson
            {"a":01}    | 400 | MalformedJson
            {"a":NaN}   | 400 | MalformedJson
            {"a":1,}    | 400 | MalformedJson
            nonsense    | 400 | MalformedJson
            [1]         | 422 | InvalidInput
            "text"      | 422 | InvalidInput
            17          | 422 | InvalidInput
            """)
    void anything_else_is_refused(String text, int status, String type) {
        Problem problem = problem(text);
        assertThat(problem).isNotNull();
        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.type()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            {'a':1}         | line 1, column 2
            {"a" 1}         | line 1, column 6
            {"a":[1,,2]}    | line 1, column 9
            {"a":           | line 1, column 6
            """)
    void an_error_says_where_it_is(String text, String position) {
        for (String blanks : new String[] {"", "\n".repeat(9_999)}) {
            String place = position.replace("line 1", "line " + (blanks.length() + 1));
            assertThat(problem(blanks + text).detail())
                    .contains("the body is not JSON in UTF-8: ")
                    .endsWith('(' + place + ')');
        }
    }

    @Test
    void what_is_nested_too_deeply_is_malformed() {
        for (int levels : new int[] {501, 100_000}) {
            assertThat(problem("{\"a\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + '}')
                            .detail())
                    .contains("it is nested more than 500 levels deep");
            assertThat(problem("{\"a\":".repeat(levels)).type()).isEqualTo("MalformedJson");
        }
        assertThat(problem("{\"a\":" + "[[],".repeat(498) + "[]" + "]".repeat(498) + '}'))
                .isNull();
    }

    @Test
    void bytes_that_are_no_utf_8_are_refused() {
        byte[] latin = {'{', '"', 'a', '"', ':', '"', (byte) 0xe4, '"', '}'};
        byte[] overlong = {'{', '"', 'a', '"', ':', '"', (byte) 0xc0, (byte) 0xaf, '"', '}'};
        for (byte[] wrong :
                new byte[][] {latin, overlong, "{\"a\":1}".getBytes(UTF_16), "{\"a\":1}".getBytes(UTF_16LE)}) {
            assertThat(JsonObjects.problem(wrong))
                    .isNotNull()
                    .extracting(Problem::status)
                    .isEqualTo(400);
        }
    }

    private static Problem problem(String text) {
        return JsonObjects.problem(text.getBytes(UTF_8));
    }
}
