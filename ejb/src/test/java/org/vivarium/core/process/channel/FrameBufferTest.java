package org.vivarium.core.process.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.Header;
import org.vivarium.core.protocol.Json;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.protocol.ReplyBody;

class FrameBufferTest {
    private static final Path VECTORS = Path.of(System.getProperty("vivarium.root"), "config/protocol");
    private static final int LIMIT = 1 << 20;

    @ParameterizedTest
    @MethodSource("answers")
    void an_answer_is_read_as_in_the_vector(Map<String, ?> vector) throws ProtocolException {
        FrameBuffer buffer = new FrameBuffer(LIMIT);
        give(buffer, hex(vector, "frame_hex"));
        Map<?, ?> answer = (Map<?, ?>) vector.get("answer");

        assertThat(buffer.isComplete(number(vector))).isTrue();
        ReplyBody parts = ReplyBody.of(buffer.flags(), buffer.take());

        assertThat(new String(parts.json(), UTF_8)).isEqualTo(answer.get("json"));
        assertThat(parts.state() == null ? null : HexFormat.of().formatHex(parts.state()))
                .isEqualTo(answer.get("state_hex"));
        List<Long> sizes = parts.inMemory().isEmpty()
                ? parts.attached().stream().map(each -> (long) each.length).toList()
                : parts.inMemory();
        List<?> told = answer.get("sizes") instanceof List<?> list ? list : List.of();
        assertThat(sizes)
                .isEqualTo(
                        told.stream().map(each -> ((Number) each).longValue()).toList());
        assertThat(buffer.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void a_malformed_answer_is_refused(Map<String, ?> vector) {
        int maximum = vector.get("maximum") instanceof Number number ? number.intValue() : LIMIT;
        FrameBuffer buffer = new FrameBuffer(maximum);
        byte[] frame = hex(vector, "frame_hex");
        give(buffer, frame);
        long id = Math.max(1, ByteBuffer.wrap(frame).getLong(8));

        assertThatThrownBy(() -> readWhole(buffer, id)).isInstanceOf(ProtocolException.class);
    }

    private static void readWhole(FrameBuffer buffer, long id) throws ProtocolException {
        if (buffer.isComplete(id)) {
            FrameType type = buffer.type();
            ReplyBody body = ReplyBody.of(buffer.flags(), buffer.take());
            if (type == FrameType.ERROR || type == FrameType.PROGRESS) {
                Json.readObject(body.json());
            }
        }
    }

    @Property(tries = 200)
    void frames_are_whole_however_their_bytes_come(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 200_000) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 70_000) int step)
            throws ProtocolException {
        ByteBuffer sent = ByteBuffer.allocate(
                sizes.stream().mapToInt(size -> Header.SIZE + size).sum());
        for (int i = 0; i < sizes.size(); i++) {
            Header.put(sent, FrameType.CHUNK, 7, sizes.get(i));
            byte[] body = new byte[sizes.get(i)];
            java.util.Arrays.fill(body, (byte) i);
            sent.put(body);
        }
        sent.flip();
        FrameBuffer buffer = new FrameBuffer(LIMIT);
        List<byte[]> taken = new ArrayList<>();

        while (taken.size() < sizes.size()) {
            if (buffer.isComplete(7)) {
                taken.add(buffer.take());
            } else if (buffer.needsRoom()) {
                buffer.admit();
            } else {
                ByteBuffer room = buffer.room();
                int length = Math.min(Math.min(step, room.remaining()), sent.remaining());
                room.put(sent.slice(sent.position(), length));
                sent.position(sent.position() + length);
                buffer.received();
            }
        }

        assertThat(buffer.isEmpty()).isTrue();
        for (int i = 0; i < sizes.size(); i++) {
            assertThat(taken.get(i)).hasSize(sizes.get(i)).containsOnly(i);
        }
    }

    @Property(tries = 50)
    void a_large_frame_without_room_is_dropped_and_the_next_one_is_whole(
            @ForAll @IntRange(min = 65_537, max = 300_000) int size, @ForAll @IntRange(min = 1, max = 70_000) int step)
            throws ProtocolException {
        ByteBuffer sent = ByteBuffer.allocate(2 * Header.SIZE + size + 1);
        Header.put(sent, FrameType.CHUNK, 7, size);
        sent.position(sent.position() + size);
        Header.put(sent, FrameType.RESULT, 7, 1);
        sent.put((byte) '1').flip();
        FrameBuffer buffer = new FrameBuffer(LIMIT);
        boolean dropped = false;

        while (!buffer.isComplete(7)) {
            dropped |= buffer.needsRoom() && buffer.drop();
            ByteBuffer room = buffer.room();
            int length = Math.min(Math.min(step, room.remaining()), sent.remaining());
            room.put(sent.slice(sent.position(), length));
            sent.position(sent.position() + length);
            buffer.received();
        }

        assertThat(dropped).isTrue();
        assertThat(buffer.take()).containsExactly('1');
        assertThat(buffer.isEmpty()).isTrue();
    }

    @Test
    void a_frame_of_another_call_is_refused() {
        FrameBuffer buffer = new FrameBuffer(LIMIT);
        ByteBuffer frame = ByteBuffer.allocate(Header.SIZE + 1);
        Header.put(frame, FrameType.RESULT, 8, 1);
        give(buffer, frame.put((byte) '1').array());

        assertThatThrownBy(() -> buffer.isComplete(9))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("id 8 while call 9");
    }

    static Stream<Map<String, ?>> answers() throws IOException, ProtocolException {
        return vectors("frames.json").filter(vector -> vector.containsKey("answer"));
    }

    static Stream<Map<String, ?>> malformed() throws IOException, ProtocolException {
        return vectors("malformed.json")
                .filter(vector -> "from_child".equals(vector.get("direction")) && "call".equals(vector.get("channel")));
    }

    @SuppressWarnings("unchecked") // that is what the file holds
    private static Stream<Map<String, ?>> vectors(String file) throws IOException, ProtocolException {
        return ((List<Map<String, ?>>) Json.readValue(Files.readAllBytes(VECTORS.resolve(file)))).stream();
    }

    private static void give(FrameBuffer buffer, byte[] bytes) {
        buffer.room().put(bytes);
        buffer.received();
    }

    private static byte[] hex(Map<String, ?> vector, String name) {
        return HexFormat.of().parseHex((String) vector.get(name));
    }

    private static long number(Map<String, ?> vector) {
        return ((Number) vector.get("id")).longValue();
    }
}
