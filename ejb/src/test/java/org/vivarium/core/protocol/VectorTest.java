package org.vivarium.core.protocol;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vivarium.api.Payload;

/** The byte vectors that Python's tests read as well, so that neither side drifts alone. */
class VectorTest {
    private static final Path VECTORS = Path.of(System.getProperty("vivarium.root"), "config/protocol");

    @ParameterizedTest
    @MethodSource("calls")
    void a_call_is_written_as_in_the_vector(Vector vector) {
        Map<?, ?> call = (Map<?, ?>) vector.fields().get("call");
        byte[] program = text(call.get("program"));
        Payload inputs = new Payload(text(call.get("inputs")), attachments(call));
        CallFrame frame = new CallFrame(
                program,
                text(call.get("context")),
                hex(call, "state_hex"),
                inputs,
                (int) vector.number("flags") & 0x30);
        ByteBuffer written = ByteBuffer.allocate(Integer.BYTES + (int) frame.length(false));

        frame.putHead(written, vector.number("id"), ((Number) call.get("timeout_millis")).longValue(), false);
        written.put(inputs.json());
        inputs.attachments().forEach(written::put);

        assertThat(written.array()).isEqualTo(vector.bytes("frame_hex"));
    }

    @ParameterizedTest
    @MethodSource("fromServer")
    void a_frame_of_the_server_is_written_as_in_the_vector(Vector vector) {
        Frame frame = new Frame(vector.type(), vector.number("id"), vector.bytes("body_hex"));

        byte[] written = new byte[Header.SIZE + frame.body().length];
        frame.encode().get(written);

        assertThat(written).isEqualTo(vector.bytes("frame_hex"));
    }

    @ParameterizedTest
    @MethodSource("fromPython")
    void a_frame_of_python_is_read_as_in_the_vector(Vector vector) throws ProtocolException {
        Channel channel = Stream.of(Channel.values())
                .filter(each -> vector.type().mayArriveOn(each))
                .findFirst()
                .orElseThrow();

        List<Frame> frames = new FrameReader(channel).read(ByteBuffer.wrap(vector.bytes("frame_hex")));

        assertThat(frames).singleElement().satisfies(frame -> {
            assertThat(frame.type()).isEqualTo(vector.type());
            assertThat(frame.id()).isEqualTo(vector.number("id"));
            assertThat(frame.body()).isEqualTo(vector.bytes("body_hex"));
        });
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void a_malformed_frame_of_python_is_refused(Vector vector) throws ProtocolException {
        Channel channel = Channel.of((String) vector.fields().get("channel"));
        ByteBuffer bytes = ByteBuffer.wrap(vector.bytes("frame_hex"));

        assertThatThrownBy(() -> readWhole(channel, bytes)).isInstanceOf(ProtocolException.class);
    }

    private static void readWhole(Channel channel, ByteBuffer bytes) throws ProtocolException {
        for (Frame frame : new FrameReader(channel).read(bytes)) {
            frame.message();
        }
    }

    private static byte[] hex(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof String hex ? HexFormat.of().parseHex(hex) : new byte[0];
    }

    private static List<byte[]> attachments(Map<?, ?> call) {
        ByteBuffer content = ByteBuffer.wrap(hex(call, "content_hex"));
        List<byte[]> attachments = new ArrayList<>();
        if (call.get("sizes") instanceof List<?> sizes) {
            for (Object size : sizes) {
                byte[] attachment = new byte[((Number) size).intValue()];
                content.get(attachment);
                attachments.add(attachment);
            }
        }
        return attachments;
    }

    /** Those in memory are too large to be had here; {@link CallFrameTest} has them small. */
    static Stream<Vector> calls() throws IOException, ProtocolException {
        return vectors("frames.json")
                .filter(vector -> vector.fields().containsKey("call"))
                .filter(vector -> !Flags.has((int) vector.number("flags"), Flags.IN_MEMORY));
    }

    static Stream<Vector> fromServer() throws IOException, ProtocolException {
        return vectors("frames.json")
                .filter(vector -> !vector.fromPython() && !vector.fields().containsKey("call"));
    }

    static Stream<Vector> fromPython() throws IOException, ProtocolException {
        return vectors("frames.json")
                .filter(Vector::fromPython)
                .filter(vector -> !vector.type().mayArriveOn(Channel.CALL) || vector.type() == FrameType.HELLO);
    }

    static Stream<Vector> malformed() throws IOException, ProtocolException {
        return vectors("malformed.json")
                .filter(vector -> "from_child".equals(vector.fields().get("direction")))
                .filter(vector -> !"call".equals(vector.fields().get("channel")));
    }

    private static Stream<Vector> vectors(String file) throws IOException, ProtocolException {
        List<?> all = (List<?>) Json.readValue(Files.readAllBytes(VECTORS.resolve(file)));
        return all.stream().map(each -> new Vector((Map<?, ?>) each));
    }

    private static byte[] text(Object value) {
        return ((String) value).getBytes(UTF_8);
    }

    record Vector(Map<?, ?> fields) {
        FrameType type() {
            String name = (String) fields.get("type");
            return switch (name) {
                case "CALL" -> FrameType.CALL_PROGRAM;
                case "OUTPUT" -> FrameType.PRINTED;
                default -> FrameType.valueOf(name);
            };
        }

        boolean fromPython() {
            return Stream.of(Channel.values()).anyMatch(type()::mayArriveOn);
        }

        long number(String name) {
            return ((Number) fields.get(name)).longValue();
        }

        byte[] bytes(String name) {
            return HexFormat.of().parseHex((String) fields.get(name));
        }

        @Override
        public String toString() {
            return (String) fields.get("name");
        }
    }
}
