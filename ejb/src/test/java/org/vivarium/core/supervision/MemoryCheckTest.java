package org.vivarium.core.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.WorkerId;
import org.vivarium.api.memory.ByteBudget;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.PoolDefinition;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.process.WorkerLauncher;
import org.vivarium.core.process.WorkerListener;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.WorkerRequest;
import org.vivarium.core.process.cgroup.FakeCgroup;
import org.vivarium.core.process.procfs.ProcessSample;
import org.vivarium.core.process.procfs.TimedSample;
import org.vivarium.core.recovery.RestartGovernor;
import org.vivarium.core.telemetry.Telemetry;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;
import org.vivarium.core.worker.WorkerStateMachine;
import org.vivarium.testing.ManualTicker;
import org.vivarium.testing.fake.SteppedPool;

/** What a container has left, by made-up files, against what workers are known to need. */
class MemoryCheckTest {
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    Path root;

    private final ManualTicker ticker = new ManualTicker();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final WorkerRegistry registry = new WorkerRegistry(() -> 20);
    private FakeCgroup files;
    private int workers;

    @BeforeEach
    void container() {
        files = new FakeCgroup(root);
    }

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    @Test
    void in_a_container_of_version_2_as_many_start_as_fit_beside_what_is_used_but_files_that_can_be_forgotten() {
        unified(1_000, 900, 150);
        ready(0, 100);

        assertThat(check(0).fitting(5)).as("by what the sibling has").isEqualTo(2);
        assertThat(check(50).fitting(5)).as("by HardMemoryMegabytes").isEqualTo(5);
        assertThat(check(200).fitting(5)).isEqualTo(1);
        assertThat(check(300).fitting(5)).isZero();
    }

    @Test
    void in_a_container_of_version_1_likewise() {
        files.separate("/docker/abc", "/docker/abc")
                .memoryFile("memory.limit_in_bytes", bytes(1_000))
                .memoryFile("memory.usage_in_bytes", bytes(900))
                .memoryFile("memory.stat", "total_inactive_file " + bytes(150));
        ready(0, 100);

        assertThat(check(0).fitting(5)).isEqualTo(2);
        assertThat(check(300).fitting(5)).isZero();
    }

    @Test
    void without_a_limit_or_before_anybody_knows_what_a_worker_needs_all_start() {
        assertThat(check(300).fitting(5)).isEqualTo(5);
        unified(1_000, 1_000, 0);
        ready(0, 0);
        assertThat(check(0).fitting(5)).isEqualTo(5);
    }

    @Test
    void the_first_worker_starts_whatever_there_is() {
        unified(1_000, 1_000, 0);

        assertThat(check(300).fitting(5)).isEqualTo(1);
    }

    @Test
    void private_memory_counts_rather_than_what_forked_workers_share() {
        unified(1_000, 900, 0);
        ready(400, 50);

        assertThat(check(0).fitting(5)).isEqualTo(2);
    }

    @Test
    void what_a_worker_holds_that_is_ending_is_free_for_its_replacement() {
        unified(1_000, 950, 0);
        ready(0, 100);
        Worker killed = ready(0, 100);
        assertThat(check(0).fitting(1)).isZero();

        killed.machine().beginTermination(TransitionReason.CHANNEL_LOST, "");

        assertThat(check(0).fitting(2)).isEqualTo(1);
    }

    @Test
    void workers_that_are_starting_will_need_their_part() {
        unified(1_000, 700, 0);
        ready(0, 100);
        add(0, 0);

        assertThat(check(0).fitting(5)).isEqualTo(2);
    }

    @Test
    void after_a_refusal_nothing_is_read_again_before_the_back_off_has_passed() {
        unified(1_000, 1_000, 0);
        ready(0, 100);
        MemoryCheck check = check(0);
        assertThat(check.fitting(1)).isZero();
        unified(1_000, 500, 0);
        assertThat(check.fitting(1)).isZero();

        ticker.advance(Duration.ofMillis(1_250));

        assertThat(check.fitting(1)).isEqualTo(1);
    }

    private void unified(long limit, long used, long files) {
        this.files
                .unified()
                .unifiedFile("memory.max", bytes(limit))
                .unifiedFile("memory.current", bytes(used))
                .unifiedFile("memory.stat", "anon 1", "inactive_file " + bytes(files), "active_file 1");
    }

    private static String bytes(long mebibytes) {
        return Long.toString(mebibytes * MEBIBYTE);
    }

    private Worker ready(long shared, long own) {
        Worker worker = add(shared, own);
        worker.machine().becomeReady("generation 1");
        return worker;
    }

    private Worker add(long shared, long own) {
        WorkerId id = new WorkerId("p", ++workers);
        Worker worker = new Worker(
                new WorkerStateMachine(id, ticker, () -> Instant.EPOCH, 10, transition -> {}), 1, Instant.EPOCH);
        if (own > 0) {
            ProcessSample sample =
                    new ProcessSample(workers, 1, workers, 1, 'S', (shared + own) * MEBIBYTE, own * MEBIBYTE, 0, 1, 0);
            worker.sampled(new TimedSample(sample, 0));
        }
        registry.add(new PooledWorker(worker, new Generation(1, "p", SteppedPool.python()), 0, 1));
        return worker;
    }

    /** Returns a check of a pool whose hard limit is so much; 0 for none. */
    private MemoryCheck check(long hardMegabytes) {
        PoolSettings settings = PoolSettings.DEFAULT.with(Map.of(PoolParameter.HARD_MEMORY_MEGABYTES, hardMegabytes));
        PoolContext parts = new PoolContext(
                new PoolDefinition("p", SteppedPool.python(), settings),
                new ParameterStore("p", settings),
                new InContainer(files),
                new Telemetry(Thread::new),
                ticker,
                () -> Instant.EPOCH,
                timer,
                () -> ServiceSettings.DEFAULT,
                ByteBudget.unlimited());
        return new MemoryCheck(parts, registry, new RestartGovernor(parts));
    }

    /** Starts nothing; knows what the container has left. */
    private record InContainer(FakeCgroup container) implements WorkerLauncher {
        @Override
        public CompletableFuture<WorkerProcess> launch(
                PythonSettings python, WorkerRequest request, WorkerListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void retire(PythonSettings python, String edition, String pool) {}

        @Override
        public long memoryFreeBytes() {
            return container.sample().memoryFreeBytes();
        }
    }
}
