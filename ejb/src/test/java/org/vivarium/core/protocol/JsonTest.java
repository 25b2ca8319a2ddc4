package org.vivarium.core.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}}",
                "{} {}",
                "{} trailing",
                "[]",
                "\"text\"",
                "1",
                "null",
                "{a:1}",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{\"a\"=1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":unquoted}",
                "{\"a\":'single'}",
                "{\"a\":${b},\"b\":1}",
                "{\"a\":[1,]}",
                "{\"a\":\"\"\"triple\"\"\"}",
                "{\"a\":\"line\nbreak\"}",
                "{\"a\":1}// comment",
                "{# comment\n}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":tru}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "include \"file\"",
            })
    void what_is_no_json_object_is_refused(String text) {
        assertThatThrownBy(() -> Json.readObject(text.getBytes(UTF_8))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void bytes_that_are_no_utf8_are_refused() {
        byte[] latin = {'{', '"', 'a', '"', ':', '"', (byte) 0xe9, '"', '}'};

        assertThatThrownBy(() -> Json.readObject(latin))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void a_byte_order_mark_is_refused() {
        assertThatThrownBy(() -> Json.readObject("\uFEFF{}".getBytes(UTF_8)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("byte order mark");
    }

    @Test
    void nesting_without_end_is_refused_and_does_not_break_the_thread() {
        byte[] deep = ("{\"a\":" + "[".repeat(200_000)).getBytes(UTF_8);

        assertThatThrownBy(() -> Json.readObject(deep)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void reads_every_kind_of_value() throws Exception {
        Map<String, Object> read = Json.readObject(
                "{\"a\":[1,2.5,-3e2],\"b\":{\"c\":null},\"d\":true,\"e\":\"\\u00fc\\n\\\"\"}".getBytes(UTF_8));

        assertThat(read.get("a")).asString().isEqualTo("[1, 2.5, -300]");
        assertThat(read.get("b")).isEqualTo(mapWithNull("c"));
        assertThat(read).containsEntry("d", true).containsEntry("e", "ü\n\"");
    }

    @Test
    void a_dot_in_a_name_is_a_dot_and_no_path() throws Exception {
        assertThat(Json.readObject("{\"a.b\":1}".getBytes(UTF_8))).containsEntry("a.b", 1);
        assertThat(new String(Json.write(Map.of("a.b", 1)), UTF_8)).isEqualTo("{\"a.b\":1}");
    }

    @Test
    void reads_a_value_that_is_no_object() throws Exception {
        assertThat(Json.readValue("[1,\"x\"]".getBytes(UTF_8))).isEqualTo(List.of(1, "x"));
        assertThat(Json.readValue("\"x\"".getBytes(UTF_8))).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,\"value\":2", "1}", "", "1 2", "{}},{"})
    void a_value_cannot_break_out_of_its_place(String text) {
        assertThatThrownBy(() -> Json.readValue(text.getBytes(UTF_8))).isInstanceOf(ProtocolException.class);
    }

    @Property(tries = 500)
    void a_text_comes_back_as_it_was_written(@ForAll String name, @ForAll String text) throws ProtocolException {
        String valid = new String(text.getBytes(UTF_8), UTF_8); // lone surrogates are no text
        String key = new String(name.getBytes(UTF_8), UTF_8);

        assertThat(Json.readObject(Json.write(Map.of(key, valid)))).isEqualTo(Map.of(key, valid));
        assertThat(Json.readObject(("{\"q\":" + Json.quote(valid) + "}").getBytes(UTF_8)))
                .isEqualTo(Map.of("q", valid));
    }

    @Property(tries = 1_000)
    void arbitrary_bytes_are_an_object_or_an_error_but_never_anything_else(@ForAll byte[] bytes) {
        try {
            assertThat(Json.readObject(bytes)).isNotNull();
        } catch (ProtocolException e) {
            assertThat(e).hasMessageMatching("(?s).{5,}");
        }
    }

    @Test
    void lists_numbers_and_booleans_are_written_plainly() {
        assertThat(new String(Json.write(Map.of("a", Arrays.asList(1, 2.5, true, null, "x"))), UTF_8))
                .isEqualTo("{\"a\":[1,2.5,true,null,\"x\"]}");
    }

    private static Map<String, Object> mapWithNull(String name) {
        Map<String, Object> map = new HashMap<>();
        map.put(name, null);
        return map;
    }
}
