package org.vivarium.core.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.memory.ByteBudget;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.ProtocolException;

class WorkerErrorTest {
    @ParameterizedTest
    @CsvSource({
        "resource_error, ResultTooLarge, false", // the same inputs give the same result
        "resource_error, ChunkTooLarge, false",
        "resource_error, CpuLimitExceeded, false",
        "resource_error, MemoryError, true", // another worker may have more left
        "resource_error, SomethingNew, true",
        "program_error, ValueError, false",
        "validation_error, InvalidInput, false"
    })
    void whether_to_try_again_is_said_by_the_type_or_else_by_the_category(
            String category, String type, boolean retryable) throws ProtocolException {
        String body = "{\"category\":\"%s\",\"type\":\"%s\",\"message\":\"no\"}".formatted(category, type);

        PythonException failure = WorkerError.of(body.getBytes(UTF_8), call(), 0);

        assertThat(failure.type()).isEqualTo(type);
        assertThat(failure.retryable()).isEqualTo(retryable);
    }

    private static Call call() {
        CallFrame frame = new CallFrame(new byte[0], new byte[0], Payload.EMPTY);
        return new Call(
                new CallRequest("default", "echo", CallOptions.DEFAULT, 0, 1, 1, 1), frame, ByteBudget.unlimited());
    }
}
