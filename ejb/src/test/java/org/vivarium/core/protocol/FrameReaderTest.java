package org.vivarium.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class FrameReaderTest {

    @Property(tries = 300)
    void frames_come_out_as_they_went_in_however_the_stream_is_cut(
            @ForAll @Size(max = 20) List<@StringLength(max = 6_000) String> texts,
            @ForAll @IntRange(min = 1, max = 9_000) int cut)
            throws ProtocolException {
        List<Frame> sent = texts.stream()
                .map(text -> Frame.of(FrameType.LOG, Map.of("message", text)))
                .toList();
        ByteBuffer stream = concatenated(sent);
        FrameReader reader = new FrameReader(Channel.SIDE);

        List<Frame> read = new ArrayList<>();
        while (stream.hasRemaining()) {
            int length = Math.min(cut, stream.remaining());
            read.addAll(reader.read(stream.slice(stream.position(), length)));
            stream.position(stream.position() + length);
        }

        assertThat(read).hasSameSizeAs(sent);
        for (int i = 0; i < read.size(); i++) {
            assertThat(read.get(i).message()).containsEntry("message", texts.get(i));
        }
    }

    @Property(tries = 1_000)
    void arbitrary_bytes_are_frames_or_an_error_but_never_anything_else(@ForAll byte[] bytes) {
        FrameReader reader = new FrameReader(Channel.SIDE);
        try {
            for (Frame frame : reader.read(ByteBuffer.wrap(bytes))) {
                assertThat(frame.type().mayArriveOn(Channel.SIDE)).isTrue();
            }
        } catch (ProtocolException e) {
            assertThat(e).hasMessageMatching("(?s).{10,300}");
        }
    }

    private static ByteBuffer concatenated(List<Frame> frames) {
        List<ByteBuffer> encoded = frames.stream().map(Frame::encode).toList();
        ByteBuffer all = ByteBuffer.allocate(
                encoded.stream().mapToInt(ByteBuffer::remaining).sum());
        encoded.forEach(all::put);
        return all.flip();
    }
}
