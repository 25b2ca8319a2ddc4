package org.vivarium.web.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;

class ProblemTest {
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            VALIDATION_ERROR,    UnknownPool,        false, 404, -
            VALIDATION_ERROR,    UnknownProgram,     false, 404, -
            VALIDATION_ERROR,    UnknownWorker,      false, 404, -
            VALIDATION_ERROR,    InvalidInput,       false, 422, -
            VALIDATION_ERROR,    RolloutRunning,     true,  409, -
            RESOURCE_ERROR,      InputsTooLarge,     false, 413, -
            RESOURCE_ERROR,      QueueFull,          true,  503, 1
            RESOURCE_ERROR,      ServiceUnavailable, true,  503, 5
            RESOURCE_ERROR,      PoolDrained,        true,  503, 5
            RESOURCE_ERROR,      PoolFailed,         false, 503, -
            RESOURCE_ERROR,      ResultTooLarge,     false, 500, -
            RESOURCE_ERROR,      MemoryLimitExceeded, false, 500, -
            RESOURCE_ERROR,      CpuLimitExceeded,   false, 500, -
            TIMEOUT_ERROR,       CheckoutTimeout,    true,  503, 1
            TIMEOUT_ERROR,       CallTimeout,        false, 504, -
            COMMUNICATION_ERROR, WorkerLost,         true,  502, -
            PROTOCOL_ERROR,      MalformedFrame,     true,  502, -
            PROGRAM_ERROR,       ValueError,         false, 500, -
            PROGRAM_ERROR,       UnknownPool,        true,  500, -
            SYSTEM_ERROR,        InternalError,      false, 500, -
            SESSION_ERROR,       SessionBusy,        true,  409, -
            """)
    void each_failure_has_its_status_and_says_when_to_try_again(
            ErrorCategory category, String type, boolean retryable, int status, Integer retryAfter) {
        ErrorDetails details =
                new ErrorDetails(category, type, "m", null, null, ErrorContext.of("default", "echo"), retryable);

        Problem problem = Problem.of(details);

        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.retryAfterSeconds()).isEqualTo(retryAfter);
    }

    @Test
    void the_management_document_tells_the_status_of_every_category() throws IOException {
        Path management = Path.of(System.getProperty("vivarium.root"), "docs", "MANAGEMENT.md");
        List<String> lines = Files.readAllLines(management);

        assertThat(ErrorCategory.values()).allSatisfy(category -> {
            int status = Statuses.of(
                    new ErrorDetails(category, "Some", "some", null, null, ErrorContext.of("default", null), false));
            assertThat(lines)
                    .anyMatch(
                            line -> line.matches("\\| `" + category.code() + "` \\| `\\w+` \\| " + status + " \\|.*"));
        });
    }

    @Test
    void the_document_has_the_members_of_the_rfc_first_and_ours_after_them() {
        ErrorContext where = new ErrorContext("default", "default-1", "echo", null, "c1", 0.5, 2.0, 1);
        ErrorDetails details = new ErrorDetails(
                ErrorCategory.VALIDATION_ERROR, "InvalidInput", "words must be int", null, "words", where, false);

        assertThat(new String(Problem.of(details).json(), UTF_8))
                .isEqualTo(
                        "{\"type\":\"InvalidInput\",\"title\":\"Invalid input\",\"status\":422,\"detail\":\"words must be int\",\"category\":\"validation_error\","
                                + "\"field\":\"words\",\"context\":{\"pool\":\"default\",\"worker\":\"default-1\",\"program\":\"echo\",\"correlation_id\":\"c1\","
                                + "\"wait_millis\":0.5,\"execution_millis\":2.0,\"attempt\":1},\"retryable\":false}");
    }

    @Test
    void a_problem_of_the_request_has_a_category_as_well() {
        assertThat(new String(Problem.of(404, "NotFound", "nothing here").json(), UTF_8))
                .isEqualTo(
                        "{\"type\":\"NotFound\",\"title\":\"Not found\",\"status\":404,\"detail\":\"nothing here\",\"category\":\"validation_error\"}");
    }
}
