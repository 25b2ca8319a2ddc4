package org.vivarium.core.process.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.ManualTicker;

/** How much of a worker's output reaches the log, and what is told of the rest. */
@Timeout(20)
class OutputRelayTest {
    private final ManualTicker ticker = new ManualTicker();
    private final CapturedLog log = new CapturedLog("vivarium.python.test");
    private final OutputWriter writer = new OutputWriter(OutputRelayTest::daemon);
    private final Observed observed = new Observed();

    @AfterEach
    void close() {
        writer.close();
        log.close();
    }

    @Test
    void lines_beyond_those_of_a_second_are_dropped_counted_and_told_in_one_line() {
        OutputRelay relay = relay(3, 1 << 20);
        for (int i = 0; i < 10; i++) {
            relay.printed(printed("line " + i));
        }
        relay.reportDropped();

        int size = printed("line 0").body().length;
        assertThat(written())
                .containsExactly(
                        "INFO stdout: line 0",
                        "INFO stdout: line 1",
                        "INFO stdout: line 2",
                        "WARN worker test-1 printed and logged more than 3 lines or 1048576 bytes a second: 7 lines with "
                                + 7 * size + " bytes were dropped");
        assertThat(observed.dropped).containsExactly(7L);
    }

    @Test
    void a_new_second_has_room_again() {
        OutputRelay relay = relay(1, 1 << 20);
        relay.printed(printed("first"));
        relay.printed(printed("dropped"));
        ticker.advance(Duration.ofSeconds(1));
        relay.printed(printed("second"));

        assertThat(written()).containsExactly("INFO stdout: first", "INFO stdout: second");
    }

    @Test
    void bytes_are_limited_whoever_has_written_them() {
        OutputRelay relay = relay(1_000, 10);
        relay.plain(bytes("12345678\n9abcdef\n1\n"));
        relay.printed(printed("too long by its frame"));

        assertThat(written()).containsExactly("INFO output: 12345678", "INFO output: 1");
    }

    @Test
    void nothing_is_told_when_nothing_was_dropped() {
        OutputRelay relay = relay(1, 1 << 20);
        relay.printed(printed("only"));
        relay.reportDropped();
        relay.end();

        assertThat(written()).containsExactly("INFO stdout: only");
        assertThat(observed.dropped).isEmpty();
    }

    @Test
    void a_frame_that_cannot_be_read_is_reported_to_who_ends_the_worker() {
        relay(10, 1 << 20).printed(new Frame(FrameType.PRINTED, 0, "not json".getBytes(UTF_8)));

        assertThat(written()).isEmpty();
        assertThat(observed.malformed).hasSize(1);
    }

    @Test
    void a_log_that_stands_still_delays_nobody_and_costs_the_lines_that_do_not_fit() {
        CountDownLatch writes = new CountDownLatch(1);
        writer.offer(0, () -> awaitQuietly(writes));
        OutputRelay relay = relay(1_000_000, 1 << 30);
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < 20; i++) {
            relay.printed(printed(large));
        }
        relay.reportDropped();
        assertThat(observed.dropped)
                .singleElement()
                .satisfies(lines -> assertThat(lines).isBetween(4L, 6L));
        writes.countDown();

        assertThat(written().stream().filter(line -> line.contains("xxx")).count())
                .isEqualTo(20 - observed.dropped.get(0));
    }

    private OutputRelay relay(int lines, int bytes) {
        OutputRelay.Source source = new OutputRelay.Source("test", "test-1", new OutputLimits(lines, bytes));
        return new OutputRelay(source, writer, ticker, observed);
    }

    private static Frame printed(String text) {
        return Frame.of(FrameType.PRINTED, Map.of("stream", "stdout", "text", text));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    /** Returns what was logged, once all that was offered is. */
    private List<String> written() {
        CountDownLatch all = new CountDownLatch(1);
        await("room in the queue", () -> writer.offer(0, all::countDown));
        awaitQuietly(all);
        return log.messages();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** What was reported. */
    private static final class Observed implements OutputRelay.Observer {
        private final List<Long> dropped = new CopyOnWriteArrayList<>();
        private final List<ProtocolException> malformed = new CopyOnWriteArrayList<>();

        @Override
        public void dropped(long lines) {
            dropped.add(lines);
        }

        @Override
        public void malformed(ProtocolException problem) {
            malformed.add(problem);
        }
    }
}
