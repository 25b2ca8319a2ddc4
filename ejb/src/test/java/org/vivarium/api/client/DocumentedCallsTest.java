package org.vivarium.api.client;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vivarium.adapter.boot.BridgeFunction;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Input;
import org.vivarium.api.PoolName;
import org.vivarium.api.ProgramException;
import org.vivarium.api.PythonPool;
import org.vivarium.api.PythonProgram;
import org.vivarium.api.PythonSession;
import org.vivarium.api.PythonStream;
import org.vivarium.api.client.bridge.BridgeConnection;
import org.vivarium.api.program.ProgramProxy;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** What {@code docs/CALLS.md} and the README show, word for word, against real workers. */
@StartsProcesses
class DocumentedCallsTest {
    private static final Path ROOT = Path.of(System.getProperty("vivarium.root"));

    @TempDir
    private Path runs;

    private RunningService service;
    private Examples examples;

    @Inject
    @PoolName("default")
    PythonPool pool;

    Statistics of(List<Double> numbers) {
        return pool.call("statistics", Map.of("numbers", numbers), Statistics.class);
    }

    /** As the documents have it. */
    public record Statistics(int count, double minimum, double maximum, double mean, double deviation) {}

    /** As the documents have it. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Image(byte[] data) {}

    @PythonProgram(pool = "default")
    public interface Examples {
        Statistics statistics(@Input("numbers") List<Double> numbers);

        @PythonProgram(name = "stream_numbers")
        PythonStream<Integer> numbers(@Input("amount") int amount);

        CompletionStage<Map<String, Object>> sleep(@Input("seconds") double seconds, CallOptions options);

        byte[] echo_bytes(@Input Image image);
    }

    @BeforeEach
    @SuppressWarnings("UnnecessaryAssignment") // nobody injects here; it stands as in an application
    void start() throws IOException {
        service = new RunningService(runs, RunningService.examples(2)).awaitReady(2);
        BridgeFunction bridge = new BridgeFunction(service.operations());
        BridgeConnection connection = new BridgeConnection(() -> bridge);
        pool = new BridgedPool("default", connection);
        examples = ProgramProxy.of(Examples.class, name -> new BridgedPool(name, connection));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/CALLS.md", "README.md"})
    void every_example_of_a_document_is_in_this_class(String document) throws IOException {
        String here = bare(
                Files.readAllLines(ROOT.resolve("ejb/src/test/java/org/vivarium/api/client/DocumentedCallsTest.java")));
        List<List<String>> blocks = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(ROOT.resolve(document))) {
            if (line.equals("```java")) {
                blocks.add(new ArrayList<>());
                inside = true;
            } else if (line.startsWith("```")) {
                inside = false;
            } else if (inside) {
                blocks.get(blocks.size() - 1).add(line);
            }
        }

        assertThat(blocks).isNotEmpty().allSatisfy(block -> assertThat(here).contains(bare(block)));
    }

    /** Returns the lines without what formatting changes. */
    private static String bare(List<String> lines) {
        return String.join("", lines).replaceAll("\\s+", "");
    }

    @Test
    void a_call_is_typed() {
        Statistics of = pool.call("statistics", Map.of("numbers", List.of(1, 2, 4)), Statistics.class);
        assertThat(of.count()).isEqualTo(3);
        assertThat(of(List.of(2.0, 4.0)).mean()).isEqualTo(3);
    }

    @Test
    void options_say_how() {
        AtomicReference<Double> bar = new AtomicReference<>(0.0);
        CallOptions options = CallOptions.DEFAULT
                .withTimeout(Duration.ofSeconds(10))
                .withProgress((fraction, message) -> bar.set(fraction));
        pool.call("slow_steps", Map.of("steps", 3, "pause_seconds", 0.01), Map.class, options);
        assertThat(bar.get()).isPositive();

        int sum = 0;
        try (PythonStream<Integer> numbers =
                pool.stream("stream_numbers", Map.of("amount", 5), Integer.class, options)) {
            while (numbers.hasNext()) {
                sum += numbers.next();
            }
        }
        assertThat(sum).isEqualTo(10);
    }

    @Test
    @SuppressWarnings("rawtypes")
    void a_stage_can_be_cancelled() {
        CompletableFuture<Map> sleeping = pool.callAsync("sleep", Map.of("seconds", 60), Map.class, CallOptions.DEFAULT)
                .toCompletableFuture();
        sleeping.cancel(true);
        RunningService.await("the program was stopped", () -> service.view().busy() == 0);
        assertThat(sleeping).isCancelled();
    }

    @Test
    void a_session_goes_on() {
        PythonSession session = pool.session("user-17");
        session.call("count", Map.of("step", 2), Map.class);
        assertThat(session.call("count", Map.of("step", 2), Map.class).get("count"))
                .hasToString("4");
    }

    @Test
    void binary_data_come_back() {
        byte[] pixels = {1, 2, 3};
        byte[] back = pool.call("echo_bytes", new Image(pixels), byte[].class);
        assertThat(back).isEqualTo(pixels);
    }

    @Test
    void an_interface_has_types() {
        assertThat(examples.statistics(List.of(1.0, 3.0)).mean()).isEqualTo(2);
        assertThat(examples.echo_bytes(new Image(new byte[] {4}))).containsExactly(4);
        assertThat(examples.sleep(0, CallOptions.DEFAULT)).succeedsWithin(Duration.ofSeconds(20));
        try (PythonStream<Integer> numbers = examples.numbers(2)) {
            assertThat(numbers.stream()).containsExactly(0, 1);
        }
    }

    @Test
    void a_failure_says_what_happened() {
        assertThat(failure()).isEqualTo("RuntimeError: no");
    }

    private String failure() {
        try {
            pool.call("fail", Map.of("message", "no"), Void.class);
        } catch (ProgramException e) {
            return e.type() + ": " + e.getMessage();
        }
        return "no failure";
    }

    @Test
    void maps_alone_will_do() {
        Map<String, Object> outputs =
                pool.executeProgram("statistics", Map.of("numbers", List.of(1, 3)), Map.of("timeout_millis", 5_000));
        Object status = pool.healthCheck(Map.of()).get("status");
        assertThat(((Number) outputs.get("mean")).doubleValue()).isEqualTo(2);
        assertThat(status).isEqualTo("ok");
        Map<String, Object> lastMinute = pool.queries().metrics("1m");
        assertThat(lastMinute).containsKeys("now", "window");
    }
}
