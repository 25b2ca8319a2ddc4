package org.vivarium.core.process.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.core.process.ForkServerPatience;
import org.vivarium.core.process.cgroup.Cgroup;
import org.vivarium.core.process.cgroup.MemoryKills;
import org.vivarium.core.process.control.ControlLoop;
import org.vivarium.core.process.control.Receiver;
import org.vivarium.core.process.output.OutputWriter;
import org.vivarium.core.protocol.Channel;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.Header;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.ManualTicker;
import org.vivarium.testing.ProcessTable;

/** Whoever finds the way to the socket and does not say the right thing is let go, and nobody else notices. */
@Timeout(20)
class HandshakeTest {
    private static final ByteBuffer GARBAGE = ByteBuffer.wrap(new byte[256]);

    @TempDir
    Path directory;

    private final ManualTicker ticker = new ManualTicker();
    private final List<String> ends = Collections.synchronizedList(new ArrayList<>());
    private final CapturedLog log = new CapturedLog(ControlLoop.class);
    private final Receiver receiver = ends::add;
    private ControlLoop loop;
    private Path socket;

    static {
        for (int i = 0; i < GARBAGE.capacity(); i++) {
            GARBAGE.put(i, (byte) (0xA5 + 31 * i));
        }
    }

    @BeforeEach
    void listen() throws IOException {
        socket = directory.resolve("s");
        loop = new ControlLoop(socket, ticker, HandshakeTest::daemon);
    }

    @AfterEach
    void endWithoutAnyError() {
        loop.close();
        log.close();
        assertThat(log.messages()).noneMatch(line -> line.startsWith("ERROR"));
    }

    @Test
    void the_right_token_is_welcome() throws Exception {
        try (Peer peer = new Peer(socket)) {
            peer.hello(loop.expect((hello, connection) -> receiver), Channel.SIDE);

            assertThat(peer.answer()).containsEntry("protocol", 1).containsEntry("maximum_frame_bytes", 1 << 20);
        }
        await("the end is told", () -> ends.equals(List.of("end of file")));
    }

    @Test
    void garbage_ends_the_connection() throws Exception {
        try (Peer peer = new Peer(socket)) {
            peer.send(GARBAGE.duplicate());

            assertThat(peer.ended()).isTrue();
        }
        assertThat(log.messages())
                .singleElement()
                .asString()
                .startsWith("WARN a Python process broke the protocol: frame length");
        assertStillServes();
    }

    @Test
    void a_wrong_token_is_rejected_with_a_reason() throws Exception {
        try (Peer peer = new Peer(socket)) {
            peer.hello("0".repeat(32), Channel.SIDE);

            assertThat(peer.answer()).isEqualTo(Map.of("reason", "unknown token"));
            assertThat(peer.ended()).isTrue();
        }
        assertStillServes();
    }

    @Test
    void a_token_that_was_used_gets_the_same_answer_and_the_first_connection_stays() throws Exception {
        String token = loop.expect((hello, connection) -> receiver);
        try (Peer first = new Peer(socket);
                Peer second = new Peer(socket)) {
            first.hello(token, Channel.SIDE);
            assertThat(first.answer()).containsKey("protocol");
            second.hello(token, Channel.SIDE);

            assertThat(second.answer()).isEqualTo(Map.of("reason", "unknown token"));
            assertThat(second.ended()).isTrue();
            assertThat(ends).isEmpty();
        }
    }

    @Test
    void another_protocol_is_rejected_with_what_to_do() throws Exception {
        try (Peer peer = new Peer(socket)) {
            peer.say(Map.of("protocol", List.of(2, 3), "channel", "side", "token", "x", "pid", 1, "slot", 0));

            assertThat(peer.answer().get("reason"))
                    .isEqualTo(
                            "the server speaks protocol 1, the vivarium_worker package 2 to 3: use the package that comes with this server");
        }
    }

    @Test
    void a_hello_that_lacks_something_is_rejected() throws Exception {
        List<Map<String, ?>> lacking = List.of(
                Map.of(),
                Map.of("protocol", 1, "channel", "side", "token", "x", "pid", 1, "slot", 0),
                Map.of("protocol", List.of(1), "channel", "side", "token", "x", "pid", 1, "slot", 0),
                Map.of("protocol", List.of(1, 1), "channel", "side", "token", 5, "pid", 1, "slot", 0),
                Map.of("protocol", List.of(1, 1), "channel", "side", "token", "x", "pid", "one", "slot", 0),
                Map.of("protocol", List.of(1, 1), "channel", "sideways", "token", "x", "pid", 1, "slot", 0));
        for (Map<String, ?> hello : lacking) {
            try (Peer peer = new Peer(socket)) {
                peer.say(hello);

                assertThat(peer.answer()).as("%s", hello).containsKey("reason");
                assertThat(peer.ended()).isTrue();
            }
        }
        assertStillServes();
    }

    @Test
    void half_a_hello_and_then_silence_ends_when_the_time_is_up_and_not_before() throws Exception {
        try (Peer silent = new Peer(socket);
                Peer half = new Peer(socket)) {
            half.send(ByteBuffer.wrap(new byte[] {0, 0, 0, 60, 1, 0}));
            assertStillServes(); // those before it are accepted
            ticker.advance(Duration.ofSeconds(10));
            assertStillServes(); // the loop has looked
            assertThat(half.isOpen()).isTrue();
            assertThat(silent.isOpen()).isTrue();

            ticker.advance(Duration.ofSeconds(1));

            assertThat(half.ended()).isTrue();
            assertThat(silent.ended()).isTrue();
        }
        assertStillServes();
    }

    @Test
    void a_frame_above_the_limit_ends_the_connection_at_its_header() throws Exception {
        try (Peer peer = new Peer(socket)) {
            peer.hello(loop.expect((hello, connection) -> receiver), Channel.SIDE);
            assertThat(peer.answer()).containsKey("protocol");
            ByteBuffer header = ByteBuffer.allocate(Header.SIZE);
            Header.put(header, FrameType.LOG, 0, Header.CONTROL_LIMIT);
            peer.send(header.flip());

            assertThat(peer.ended()).isTrue();
        }
        await("the end is told", () -> !ends.isEmpty()); // the peer sees it first
        assertThat(ends).singleElement().asString().startsWith("malformed frame: frame length 1048588");
    }

    @Test
    void garbage_after_the_welcome_is_told_to_who_reads_the_channel() throws Exception {
        try (Peer peer = new Peer(socket)) {
            peer.hello(loop.expect((hello, connection) -> receiver), Channel.SIDE);
            assertThat(peer.answer()).containsKey("protocol");
            peer.send(GARBAGE.duplicate());

            assertThat(peer.ended()).isTrue();
        }
        await("the end is told", () -> !ends.isEmpty()); // the peer sees it first
        assertThat(ends).singleElement().asString().startsWith("malformed frame");
    }

    @Test
    void a_report_of_a_fork_server_that_lacks_something_ends_the_connection() throws Exception {
        List<Frame> lacking = List.of(
                Frame.of(FrameType.EXIT, Map.of("code", 1)),
                Frame.of(FrameType.EXIT, Map.of("worker", 5, "code", 1)),
                Frame.of(FrameType.FORKED, Map.of("worker", "test-1")),
                Frame.of(FrameType.FORKED, Map.of("pid", 7)),
                Frame.of(FrameType.REFUSED, Map.of("reason", "none")),
                Frame.of(FrameType.LOADED, Map.of("millis", 1)));
        for (Frame frame : lacking) {
            ForkServer server = new ForkServer(
                    "server-1",
                    new ForkServerSpec(List.of(), List.of(), List.of(), List.of(), false),
                    parts(),
                    new FakeGuardian(),
                    new ForkServerPatience(Duration.ofMinutes(5), Duration.ofSeconds(5)));
            String token = String.valueOf(server.serve().message().get("token"));
            try (Peer peer = new Peer(socket)) {
                peer.hello(token, Channel.SERVER);
                assertThat(peer.answer()).containsKey("protocol");
                peer.send(frame.encode());

                assertThat(peer.ended()).as("%s", frame.message()).isTrue();
            }
            await("its end is known", server::isGone);
        }
        assertStillServes();
    }

    @Test
    void a_fork_server_whose_worker_was_killed_by_somebody_looks_at_once_whether_it_was_for_memory() throws Exception {
        Path events = directory.resolve("cgroup/memory.events");
        Files.createDirectories(events.getParent());
        Files.createDirectories(directory.resolve("proc/self"));
        Files.writeString(directory.resolve("proc/self/mountinfo"), "1 2 0:1 / /cgroup rw - cgroup2 cgroup2 rw\n");
        Files.writeString(directory.resolve("cgroup/memory.max"), "1048576\n");
        Files.writeString(events, "oom_kill 1\n");
        HostParts parts = parts();

        assertThat(parts.exit(Map.of("signal", 9)).inWords()).isEqualTo("was killed by signal 9 (SIGKILL)");
        Files.writeString(events, "oom_kill 2\n");
        assertThat(parts.exit(Map.of("signal", 11)).inWords()).isEqualTo("was killed by signal 11 (SIGSEGV)");
        assertThat(parts.exit(Map.of("signal", 9)).inWords())
                .isEqualTo("was killed by the kernel for memory, limit 1 MiB");
    }

    private HostParts parts() {
        return new HostParts(
                loop::expect,
                ticker,
                new MemoryKills(new Cgroup(directory), ticker),
                new OutputWriter(HandshakeTest::daemon),
                Executors.newSingleThreadScheduledExecutor(HandshakeTest::daemon));
    }

    @Test
    void a_receiver_that_throws_costs_its_own_connection_only() throws Exception {
        log.close(); // what is expected here is an error
        try (CapturedLog errors = new CapturedLog(ControlLoop.class);
                Peer peer = new Peer(socket)) {
            peer.hello(
                    loop.expect((hello, connection) -> {
                        throw new IllegalStateException("boom");
                    }),
                    Channel.SIDE);
            assertThat(peer.answer()).containsKey("protocol");

            assertThat(peer.ended()).isTrue();
            assertThat(errors.messages()).singleElement().asString().startsWith("ERROR");
            assertStillServes();
        }
    }

    @Test
    void hundreds_who_do_not_belong_here_leave_no_descriptor_behind() throws Exception {
        assertStillServes();
        long before = ProcessTable.openDescriptors();
        for (int i = 0; i < 100; i++) {
            try (Peer garbage = new Peer(socket);
                    Peer stranger = new Peer(socket);
                    Peer silent = new Peer(socket)) {
                garbage.send(GARBAGE.duplicate());
                stranger.hello("f".repeat(32), Channel.CALL);
                assertThat(garbage.ended()).isTrue();
                assertThat(stranger.answer()).containsKey("reason");
                assertThat(silent.isOpen()).isTrue();
            }
        }
        assertStillServes();
        await("descriptors as before", () -> ProcessTable.openDescriptors() <= before);
    }

    private void assertStillServes() throws IOException {
        try (Peer peer = new Peer(socket)) {
            peer.hello(loop.expect((hello, connection) -> bytes -> {}), Channel.SIDE);
            assertThat(peer.answer()).containsKey("protocol");
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}
