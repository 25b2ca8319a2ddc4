package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Binary data to Python and back, in frames and by way of memory. */
@StartsProcesses
class AttachmentsTest {
    private static final byte[] DATA = "{\"data\":{\"$bytes\":0}}".getBytes(UTF_8);

    @TempDir
    private static Path runs;

    private static RunningService service;

    @BeforeAll
    static void start() throws IOException {
        service = new RunningService(runs, RunningService.examplesAndMisbehaviour(1)).awaitReady(1);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000, 65_536, 262_144, 262_145, 1_000_000, 40_000_000})
    void bytes_come_back_as_they_were(int size) {
        byte[] data = random(size);

        Payload result = call("echo_bytes", new Payload(DATA, List.of(data)));

        assertThat(new String(result.json(), UTF_8)).isEqualTo("{\"$bytes\":0}");
        assertThat(result.attachments()).singleElement().isEqualTo(data);
    }

    @Test
    void large_and_small_take_turns_without_a_byte_of_the_one_in_the_other() {
        IntStream.of(3_000_000, 10, 30_000_000, 500_000, 0, 2_000_000).forEach(size -> {
            byte[] data = random(size);
            assertThat(call("echo_bytes", new Payload(DATA, List.of(data))).attachments())
                    .singleElement()
                    .isEqualTo(data);
        });
    }

    @Test
    void many_attachments_keep_their_order() {
        List<byte[]> all =
                IntStream.range(0, 500).mapToObj(i -> random(1_000 + i)).toList();
        String places = IntStream.range(0, 500)
                .mapToObj("{\"$bytes\":%d}"::formatted)
                .collect(java.util.stream.Collectors.joining(","));

        Payload result = call("echo", new Payload(("{\"all\":[" + places + "]}").getBytes(UTF_8), all));

        assertThat(result.attachments()).hasSize(500);
        assertThat(IntStream.range(0, 500))
                .allMatch(i -> java.util.Arrays.equals(result.attachments().get(i), all.get(i)));
    }

    @Test
    void a_caller_that_is_interrupted_beforehand_gets_its_answer_or_a_plain_failure_and_the_worker_goes_on() {
        byte[] data = random(2_000_000);
        Thread.currentThread().interrupt();
        PythonException failure =
                catchThrowableOfType(PythonException.class, () -> call("echo_bytes", new Payload(DATA, List.of(data))));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure == null || failure.type().equals("Interrupted")).isTrue();
        assertThat(call("echo_bytes", new Payload(DATA, List.of(data))).attachments())
                .singleElement()
                .isEqualTo(data);
        assertThat(service.view().totals().died()).isZero();
    }

    @Test
    void what_is_no_attachment_is_an_error_of_the_call() {
        PythonException failure = catchThrowableOfType(
                PythonException.class,
                () -> call("echo_bytes", new Payload("{\"data\":{\"$bytes\":3}}".getBytes(UTF_8), List.of(random(5)))));

        assertThat(failure.type()).isEqualTo("InvalidInput");
    }

    private static byte[] random(int size) {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        return data;
    }

    private static Payload call(String program, Payload inputs) {
        return service.pool().calls().call(program, inputs, CallOptions.DEFAULT);
    }
}
