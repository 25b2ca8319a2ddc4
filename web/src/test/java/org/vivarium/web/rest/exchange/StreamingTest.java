package org.vivarium.web.rest.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.ProgramException;
import org.vivarium.api.PythonException;

class StreamingTest {
    private final FakeClient client = new FakeClient();
    private final EventWriter events = new EventWriter(() -> client);

    @Test
    void each_chunk_is_an_event_that_is_sent_at_once() {
        FakeChunks chunks = new FakeChunks(
                json("1"),
                (Runnable) () -> events.progress(0.5, "half \"way\"\n"),
                new Payload("{\"$bytes\":0}".getBytes(UTF_8), List.of(new byte[] {1})));

        assertThat(Streaming.deliver(chunks, events)).isNull();

        assertThat(client.sent.toString(UTF_8)).isEqualTo("""
                event: chunk
                data: 1

                event: progress
                data: {"fraction":0.5,"message":"half \\"way\\"\\u000a"}

                event: chunk
                data: "AQ=="

                event: end
                data: {}

                """);
        assertThat(client.flushes).isEqualTo(4);
        assertThat(chunks.closed).isTrue();
    }

    @Test
    void what_fails_before_the_first_event_is_not_the_streams_to_tell() {
        FakeChunks chunks = new FakeChunks(failure());

        assertThatThrownBy(() -> Streaming.deliver(chunks, events)).isInstanceOf(ProgramException.class);

        assertThat(client.sent.size()).isZero();
        assertThat(events.hasBegun()).isFalse();
        assertThat(chunks.closed).isTrue();
    }

    @Test
    void what_fails_later_is_the_last_event() {
        FakeChunks chunks = new FakeChunks(json("1"), failure());

        Streaming.deliver(chunks, events);

        assertThat(client.sent.toString(UTF_8))
                .startsWith("event: chunk\ndata: 1\n\nevent: error\ndata: {\"type\":\"ValueError\"")
                .endsWith("}\n\n")
                .doesNotContain("event: end");
        assertThat(chunks.closed).isTrue();
    }

    @Test
    void a_client_that_leaves_closes_the_stream() {
        FakeChunks chunks = new FakeChunks(json("1"), (Runnable) () -> client.gone = true, json("2"), json("3"));

        Streaming.deliver(chunks, events);

        assertThat(chunks.closed).isTrue();
        assertThat(chunks.left).hasSize(1);
    }

    @Test
    void progress_that_nobody_hears_ends_the_stream_with_the_next_chunk_and_harms_nothing_before() {
        FakeChunks chunks = new FakeChunks(json("1"), (Runnable) this::leave, json("2"));

        Streaming.deliver(chunks, events);

        assertThat(chunks.closed).isTrue();
        assertThat(client.sent.toString(UTF_8)).isEqualTo("event: chunk\ndata: 1\n\n");
    }

    @Test
    void a_client_that_leaves_before_it_hears_of_a_failure_is_let_go() {
        FakeChunks chunks = new FakeChunks(json("1"), (Runnable) () -> client.gone = true, failure());

        assertThat(Streaming.deliver(chunks, events)).isNull();
        assertThat(chunks.closed).isTrue();
    }

    private void leave() {
        client.gone = true;
        events.progress(0.5, "");
        client.gone = false;
    }

    private static Payload json(String text) {
        return Payload.of(text.getBytes(UTF_8));
    }

    private static PythonException failure() {
        return PythonException.of(new ErrorDetails(
                ErrorCategory.PROGRAM_ERROR, "ValueError", "no", null, null, ErrorContext.of("p", "x"), false));
    }

    private static final class FakeClient extends OutputStream {
        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        private int flushes;
        private boolean gone;

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (gone) {
                throw new IOException("broken pipe");
            }
            sent.write(bytes, offset, length);
        }

        @Override
        public void flush() {
            flushes++;
        }
    }

    /** Yields payloads; runs what is to happen before the next one; throws failures. */
    private static final class FakeChunks implements PayloadStream {
        private final Deque<Object> left;
        private boolean closed;

        private FakeChunks(Object... steps) {
            left = new ArrayDeque<>(Arrays.asList(steps));
        }

        @Override
        public boolean hasNext() {
            while (left.peek() instanceof Runnable happening) {
                left.remove();
                happening.run();
            }
            if (left.peek() instanceof PythonException failure) {
                throw failure;
            }
            return !left.isEmpty();
        }

        @Override
        public Payload next() {
            return (Payload) left.remove();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
