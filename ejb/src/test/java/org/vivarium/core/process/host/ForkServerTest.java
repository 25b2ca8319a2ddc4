package org.vivarium.core.process.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.process.ExitStatus;
import org.vivarium.core.process.ForkServerPatience;
import org.vivarium.core.process.ProcessLimits;
import org.vivarium.core.process.PythonWorker;
import org.vivarium.core.process.WorkerListener;
import org.vivarium.core.process.WorkerRequest;
import org.vivarium.core.process.cgroup.Cgroup;
import org.vivarium.core.process.cgroup.MemoryKills;
import org.vivarium.core.process.channel.ChannelSettings;
import org.vivarium.core.process.control.ControlLoop;
import org.vivarium.core.process.output.OutputLimits;
import org.vivarium.core.process.output.OutputWriter;
import org.vivarium.core.protocol.Channel;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.ManualTicker;

/** What becomes of a fork server that does not answer, with a peer in the place of the process. */
@Timeout(20)
class ForkServerTest {
    private static final ForkServerPatience PATIENCE =
            new ForkServerPatience(Duration.ofSeconds(20), Duration.ofSeconds(5));

    /** A process that there is, but not with the start time that anybody knows. */
    private static final long PID = ProcessHandle.current().pid();

    @TempDir
    Path directory;

    private final ManualTicker ticker = new ManualTicker();
    private final FakeGuardian guardian = new FakeGuardian();
    private final Events events = new Events();
    private final CapturedLog log = new CapturedLog(ForkServer.class);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(ForkServerTest::daemon);
    private final OutputWriter output = new OutputWriter(ForkServerTest::daemon);
    private long heardNanos;
    private ControlLoop loop;
    private ForkServer server;
    private Peer peer;

    @BeforeEach
    void connect() throws Exception {
        Path socket = directory.resolve("s");
        loop = new ControlLoop(socket, ticker, ForkServerTest::daemon);
        HostParts parts =
                new HostParts(loop::expect, ticker, new MemoryKills(new Cgroup(directory), ticker), output, timer);
        server = new ForkServer(
                "server-1",
                new ForkServerSpec(List.of(), List.of(), List.of("heavy"), List.of(), false),
                parts,
                guardian,
                PATIENCE);
        peer = new Peer(socket);
        peer.hello(String.valueOf(server.serve().message().get("token")), Channel.SERVER, PID);
        assertThat(peer.answer()).containsKey("protocol");
        await("the connection", () -> server.pid() == PID);
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        loop.close();
        output.close();
        timer.shutdownNow();
        log.close();
    }

    @Test
    void one_that_does_not_load_in_time_is_asked_for_its_stack_given_up_and_ended() throws Exception {
        silentFor(20);
        assertThat(server.isUsable()).isTrue();
        silentFor(1);

        assertThat(server.isUsable()).isFalse();
        await("its failure", () -> server.loaded().isCompletedExceptionally());
        assertThat(server.loaded())
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(Exception.class)
                .withMessageContaining(
                        "has not imported heavy within LoadTimeoutMillis = 20000 and is killed; its process ");
        server.examine(heardNanos);
        assertThat(guardian.requests()).containsExactly("signal 51 to " + PID, "stop server-1");
    }

    @Test
    void heartbeats_keep_a_loaded_one_in_use() throws Exception {
        load();
        for (int i = 0; i < 10; i++) {
            peer.send(new Frame(FrameType.HEARTBEAT, 0, new byte[0]).encode());
            PythonWorker worker = launch("w" + i);
            assertThat(peer.answer()).containsEntry("worker", worker.request().id());
            say(FrameType.FORKED, Map.of("worker", "w" + i, "pid", PID));
            await("that it is read", () -> worker.pid() == PID);
            silentFor(4);
        }

        assertThat(server.isUsable()).isTrue();
        assertThat(guardian.requests()).isEmpty();
    }

    @Test
    void one_that_falls_silent_fails_whom_it_has_not_forked_and_leaves_the_others_alone() throws Exception {
        load();
        PythonWorker forked = launch("w1");
        say(FrameType.FORKED, Map.of("worker", "w1", "pid", PID));
        await("the process", () -> forked.pid() == PID);
        launch("w2");
        silentFor(6);

        assertThat(server.isUsable()).isFalse();
        await("the failure of w2", () -> events.all().contains("w2 ended with unknown status"));
        assertThat(events.all())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("w2 failed: its fork server (pid %d) has sent no heartbeat for 6 s".formatted(PID));
        assertThat(log.messages())
                .last()
                .asString()
                .startsWith("ERROR")
                .endsWith("another one takes its place, its own workers (1) go on");
    }

    @Test
    void a_refused_worker_has_no_end_and_may_be_tried_again_once_the_fork_server_is_cleared() throws Exception {
        load();
        launch("w1");
        say(FrameType.REFUSED, Map.of("worker", "w1", "reason", "workers would share a pipe", "until_cleared", true));
        await("the refusal", () -> !events.all().isEmpty());
        assertThat(events.all()).containsExactly("w1 refused: workers would share a pipe");

        say(FrameType.CLEARED, Map.of());

        await("the news", () -> events.all().size() == 2);
        assertThat(events.all()).last().isEqualTo("w1 may be tried again");
    }

    @Test
    void a_refused_worker_may_be_tried_again_when_its_fork_server_has_gone() throws Exception {
        load();
        launch("w1");
        say(FrameType.REFUSED, Map.of("worker", "w1", "reason", "workers would share a pipe", "until_cleared", true));
        await("the refusal", () -> !events.all().isEmpty());

        peer.close();

        await("the news", () -> events.all().size() == 2);
        assertThat(events.all()).last().isEqualTo("w1 may be tried again");
    }

    @Test
    void what_workers_will_share_is_logged_as_a_warning_with_the_modules() throws Exception {
        say(
                FrameType.LOADED,
                Map.of("millis", 1, "threads", 1, "programs", List.of(), "warnings", List.of("workers share a file")));
        await("that it is loaded", () -> server.loaded().isDone());

        assertThat(log.messages())
                .last()
                .asString()
                .isEqualTo("WARN fork server server-1 (heavy): workers share a file");
    }

    @Test
    void one_that_hangs_has_its_workers_signalled_by_the_guardian() throws Exception {
        load();
        PythonWorker worker = launch("w1");
        say(FrameType.FORKED, Map.of("worker", "w1", "pid", PID));
        await("the process", () -> worker.pid() == PID);
        silentFor(6);
        worker.terminate();
        worker.kill();

        assertThat(guardian.requests())
                .containsExactly("signal 51 to " + PID, "signal 15 to " + PID, "signal 9 to " + PID);
    }

    @Test
    void one_that_wakes_up_has_whom_it_forks_too_late_killed_and_stays_out_of_use() throws Exception {
        load();
        launch("w1");
        assertThat(peer.answer()).containsEntry("worker", "w1");
        silentFor(6);
        await("the failure of w1", () -> events.all().contains("w1 ended with unknown status"));
        say(FrameType.FORKED, Map.of("worker", "w1", "pid", PID));

        assertThat(peer.answer()).isEqualTo(Map.of("worker", "w1"));
        assertThat(server.isUsable()).isFalse();
        say(FrameType.EXIT, Map.of("worker", "w1", "pid", PID, "signal", 9));
        server.examine(heardNanos);
        assertThat(guardian.requests()).last().isEqualTo("stop server-1");
        assertThat(server.isGone()).isFalse();
    }

    @Test
    void a_worker_that_is_asked_of_one_that_has_just_been_found_hanging_fails_at_once() throws Exception {
        load();
        silentFor(6);
        launch("w1");

        assertThat(events.all()).hasSize(2).last().isEqualTo("w1 ended with unknown status");
    }

    private void load() throws IOException {
        say(FrameType.LOADED, Map.of("millis", 1, "threads", 1, "programs", List.of()));
        await("the modules", () -> server.loaded().isDone());
    }

    private void say(FrameType type, Map<String, ?> message) throws IOException {
        peer.send(Frame.of(type, message).encode());
    }

    /** The reader of the channel is at work for {@code seconds} and hears nothing. */
    private void silentFor(int seconds) {
        for (int i = 0; i <= seconds; i++) {
            server.caughtUp(heardNanos);
            heardNanos += Duration.ofSeconds(1).toNanos();
        }
        heardNanos -= Duration.ofSeconds(1).toNanos();
        server.examine(heardNanos);
    }

    private PythonWorker launch(String id) {
        ChannelSettings channel = new ChannelSettings(1 << 20, Duration.ZERO);
        WorkerRequest request = new WorkerRequest(
                id,
                "default",
                "",
                1,
                20,
                Duration.ofSeconds(1),
                1 << 20,
                channel,
                ProcessLimits.NONE,
                PATIENCE,
                new OutputLimits(1_000, 1 << 20));
        return server.launch(request, events.of(id));
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** What was told of workers, as sentences. */
    private static final class Events {
        private final List<String> all = new CopyOnWriteArrayList<>();

        List<String> all() {
            return all;
        }

        WorkerListener of(String id) {
            return new WorkerListener() {
                @Override
                public void ready(List<ProgramView> programs) {
                    all.add(id + " ready");
                }

                @Override
                public void failed(String reason) {
                    all.add(id + " failed: " + reason);
                }

                @Override
                public void refused(String reason, CompletableFuture<Void> cleared) {
                    all.add(id + " refused: " + reason);
                    if (cleared != null) {
                        CompletableFuture<?> unused = cleared.thenRun(() -> all.add(id + " may be tried again"));
                    }
                }

                @Override
                public void exited(ExitStatus status) {
                    all.add(id + " " + status.inWords());
                }
            };
        }
    }
}
