package org.vivarium.core.process.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Payload;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.Header;
import org.vivarium.testing.ManualTicker;

/** The end of a process in the moment in which its caller has read all there was and is about to wait. */
@Timeout(20)
class CallChannelTest {
    private static final CallFrame CALL = new CallFrame("echo".getBytes(UTF_8), new byte[0], Payload.EMPTY);

    @TempDir
    Path directory;

    private final ManualTicker ticker = new ManualTicker();
    private CallChannel channel;
    private SocketChannel worker;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
            worker = SocketChannel.open(server.getLocalAddress());
            SocketChannel socket = server.accept();
            socket.configureBlocking(false);
            SlotMemory memory = new SlotMemory(directory.resolve("down"), directory.resolve("up"));
            channel = new CallChannel(socket, ticker, new ChannelSettings(1 << 20, Duration.ZERO), memory);
        }
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
        worker.close();
    }

    /** Has {@code last} happen after the caller has read in vain and before it waits, and then the process end. */
    private WaitPolicy endOfProcess(Step last) {
        AtomicBoolean over = new AtomicBoolean();
        return () -> {
            if (over.compareAndSet(false, true)) {
                try {
                    last.take();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                channel.processEnded();
            }
            return Duration.ofMinutes(1).toNanos();
        };
    }

    private void send() throws Exception {
        channel.send(CALL, () -> Duration.ofMinutes(1).toNanos());
    }

    private void answer() throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(64);
        Header.put(frame, FrameType.RESULT, 1, 2);
        worker.write(frame.put("42".getBytes(UTF_8)).flip());
        worker.close();
    }

    @Test
    void an_answer_that_was_sent_before_the_process_ended_is_not_lost() throws Exception {
        send();
        worker.read(ByteBuffer.allocate(256));

        Reply reply = channel.receive(endOfProcess(this::answer));

        assertThat(reply.payload().json()).asString(UTF_8).isEqualTo("42");
    }

    @Test
    void a_call_that_was_not_read_before_the_process_ended_has_surely_not_begun() throws Exception {
        send();

        assertThatThrownBy(() -> channel.receive(endOfProcess(worker::close)))
                .isInstanceOfSatisfying(
                        ChannelLostException.class,
                        lost -> assertThat(lost.mayHaveBegun()).isFalse());
    }

    @Test
    void nobody_waits_for_the_end_of_file_of_a_process_that_has_ended_while_a_descendant_holds_its_socket()
            throws Exception {
        send();

        assertThatThrownBy(() -> channel.receive(endOfProcess(() -> {})))
                .isInstanceOfSatisfying(
                        ChannelLostException.class,
                        lost -> assertThat(lost.mayHaveBegun()).isTrue());
    }

    /** Something that a worker does. */
    @FunctionalInterface
    private interface Step {
        void take() throws IOException;
    }
}
