package org.vivarium.api.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.CallOptions;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.Payload;
import org.vivarium.api.ProgramException;
import org.vivarium.api.PythonPool;
import org.vivarium.api.client.bridge.Binary;
import org.vivarium.api.client.bridge.Bridge;
import org.vivarium.api.client.bridge.BridgeConnection;

class BinaryDataTest {
    private static final byte[] ONE = {1, 2, 3};
    private static final byte[] TWO = {-1};

    private final FakeService service = new FakeService();
    private final PythonPool pool = new BridgedPool("default", new BridgeConnection(() -> service));

    /** As applications write them. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Image(String name, byte[] pixels, List<byte[]> layers, ByteBuffer mask, byte[][] rows, int width) {}

    /** As applications write them. */
    public static final class Nested {
        private final PythonPool pool;

        Nested(PythonPool pool) {
            this.pool = pool;
        }

        public byte[] getAData() {
            return ONE;
        }

        /** Calls while it is being written itself. */
        public int getBCalls() {
            return pool.<Integer>call("inner", new Thumbnail(TWO), Integer.class);
        }

        public byte[] getCMore() {
            return TWO;
        }
    }

    /** As applications write them. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Thumbnail(byte[] pixels) {}

    private record Types(Map<String, byte[]> byName, List<Thumbnail> list) {}

    @AfterEach
    void nothing_stays_with_the_thread() {
        assertThat(Binary.beside()).isNull();
    }

    @Test
    void arrays_and_buffers_leave_their_record_and_travel_beside_it() {
        service.answers.add(json("1"));
        ByteBuffer part = ByteBuffer.wrap(new byte[] {9, 8, 7}).position(1).slice();

        pool.call("p", new Image("i", ONE, List.of(TWO), part, new byte[][] {ONE}, 5), Integer.class);

        assertThat(service.lastInputs())
                .isEqualTo(
                        "{\"layers\":[{\"$bytes\":0}],\"mask\":{\"$bytes\":1},\"name\":\"i\",\"pixels\":{\"$bytes\":2},\"rows\":[{\"$bytes\":3}],\"width\":5}");
        assertThat(attachments()).containsExactly(TWO, new byte[] {8, 7}, ONE, ONE);
        assertThat(attachments().get(2)).isSameAs(ONE);
    }

    @Test
    void a_map_counts_on_where_its_records_have_left_off() {
        service.answers.add(json("1"));
        Map<String, Object> inputs = new LinkedHashMap<>();
        inputs.put("a", ONE);
        inputs.put("b", new Thumbnail(TWO));
        inputs.put("c", List.of(ByteBuffer.allocateDirect(2), Map.of(1, ONE)));

        pool.call("p", inputs, Integer.class);

        assertThat(service.lastInputs())
                .isEqualTo(
                        "{\"a\":{\"$bytes\":0},\"b\":{\"pixels\":{\"$bytes\":1}},\"c\":[{\"$bytes\":2},{\"1\":{\"$bytes\":3}}]}");
        assertThat(attachments()).containsExactly(ONE, TWO, new byte[2], ONE);
    }

    @Test
    void inputs_without_binary_data_are_bytes_alone() {
        service.answers.add(json("1"));

        pool.call("p", new BridgedPoolTest.Text("t", 1), Integer.class);

        assertThat(service.lastArguments[2]).isInstanceOf(byte[].class);
    }

    @Test
    void a_getter_that_makes_a_call_itself_does_not_mix_up_the_data() {
        service.answers.addAll(List.of(json("7"), json("1")));

        pool.call("outer", new Nested(pool), Integer.class);

        assertThat(service.lastInputs()).isEqualTo("{\"AData\":{\"$bytes\":0},\"BCalls\":7,\"CMore\":{\"$bytes\":1}}");
        assertThat(attachments()).containsExactly(ONE, TWO);
    }

    @Test
    void what_would_be_taken_for_binary_data_is_refused_beside_it() {
        service.answers.add(json("1"));
        Map<String, Object> reserved = Map.of("x", Map.of("$bytes", 0));

        pool.call("p", reserved, Integer.class);
        assertThatThrownBy(() -> pool.call("p", Map.of("a", reserved, "b", ONE), Integer.class))
                .isInstanceOf(InvalidCallException.class)
                .hasMessageContaining("an object whose first member is $bytes cannot stand beside binary data");
        assertThatThrownBy(() -> pool.call("p", ONE, Integer.class)).isInstanceOf(InvalidCallException.class);
        assertThat(service.calls).isEqualTo(1);
    }

    @Test
    void data_come_back_into_arrays_and_buffers() {
        answer(
                "{\"name\":\"i\",\"pixels\":{\"$bytes\": 1},\"layers\":[{\"$bytes\":0},\"AQID\"],\"mask\":{\"$bytes\":0},\"rows\":[{\"$bytes\":1}],\"width\":5}",
                ONE,
                TWO);

        Image image = pool.call("p", null, Image.class);

        assertThat(image.pixels()).isSameAs(TWO);
        assertThat(image.layers()).containsExactly(ONE, ONE);
        assertThat(image.mask()).isEqualTo(ByteBuffer.wrap(ONE));
        assertThat(image.rows()).isDeepEqualTo(new byte[][] {TWO});
        assertThat(image.width()).isEqualTo(5);
    }

    @Test
    void a_result_can_be_an_array_itself_or_stand_in_maps_and_lists() {
        answer("{\"$bytes\":0}", ONE);
        assertThat(pool.call("p", null, byte[].class)).isSameAs(ONE);

        answer("{\"a\":{\"$bytes\":0},\"b\":[{\"$bytes\":1},null,{\"c\":{\"$bytes\":0}}]}", ONE, TWO);
        Map<?, ?> map = pool.call("p", null, Map.class);
        assertThat(map.get("a")).isSameAs(ONE);
        assertThat((List<?>) map.get("b")).first().isSameAs(TWO);

        answer("{\"$bytes\":0}", ONE);
        assertThat(pool.<Object>call("p", null, Object.class)).isSameAs(ONE);

        answer("{\"a\":{\"$bytes\":0}}", ONE);
        assertThat(pool.<Map<String, byte[]>>call("p", null, type(0), CallOptions.DEFAULT))
                .containsEntry("a", ONE);
        answer("[{\"pixels\":{\"$bytes\":0}}]", ONE);
        assertThat(pool.<List<Thumbnail>>call("p", null, type(1), CallOptions.DEFAULT)
                        .get(0)
                        .pixels())
                .isSameAs(ONE);
    }

    @Test
    void text_and_numbers_are_read_as_bytes_as_well_and_null_stays_null() {
        service.answers.addAll(List.of(
                json("{\"pixels\":\"AQID\"}"),
                json("{\"pixels\":[1,2,-1,255]}"),
                json("{\"pixels\":null}"),
                json("\"AQID\""),
                json("null"),
                json("[3]")));

        assertThat(pool.call("p", null, Thumbnail.class).pixels()).isEqualTo(ONE);
        assertThat(pool.call("p", null, Thumbnail.class).pixels()).isEqualTo(new byte[] {1, 2, -1, -1});
        assertThat(pool.call("p", null, Thumbnail.class).pixels()).isNull();
        assertThat(pool.call("p", null, byte[].class)).isEqualTo(ONE);
        assertThat(pool.call("p", null, byte[].class)).isNull();
        assertThat(pool.call("p", null, byte[].class)).isEqualTo(new byte[] {3});
    }

    @Test
    void what_is_no_binary_data_is_a_mismatch() {
        service.answers.addAll(List.of(json("{\"$bytes\":0}"), json("[256]"), json("7"), json("\"no base64!\"")));
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> pool.call("p", null, byte[].class))
                    .isInstanceOf(ProgramException.class)
                    .hasMessageContaining("cannot be read as byte[]");
        }
    }

    @Test
    void raw_payloads_pass_as_they_are_and_json_alone_cannot_carry_binary_data() {
        answer("{\"a\":{\"$bytes\":0}}", ONE);
        Payload inputs = new Payload("{\"b\":{\"$bytes\":0}}".getBytes(UTF_8), List.of(TWO));

        Payload result = pool.callRaw("p", inputs, CallOptions.DEFAULT);

        assertThat(result.json()).isEqualTo("{\"a\":{\"$bytes\":0}}".getBytes(UTF_8));
        assertThat(result.attachments()).containsExactly(ONE);
        assertThat(attachments()).containsExactly(TWO);

        answer("{\"$bytes\":0}", ONE);
        assertThatThrownBy(() -> pool.callJson("p", new byte[0], CallOptions.DEFAULT))
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining("use callRaw");
    }

    private void answer(String json, byte[]... attachments) {
        service.answers.add(Bridge.value(new Payload(json.getBytes(UTF_8), List.of(attachments))));
    }

    private List<byte[]> attachments() {
        return Bridge.payload(service.lastArguments[2]).attachments();
    }

    private static Type type(int component) {
        return Types.class.getRecordComponents()[component].getGenericType();
    }

    private static byte[] json(@Nullable String text) {
        return String.valueOf(text).getBytes(UTF_8);
    }
}
