package org.vivarium.web.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.ErrorType;

class ProblemTest {
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            UNKNOWN_POOL,          404, -
            UNKNOWN_PROGRAM,       404, -
            UNKNOWN_WORKER,        404, -
            INVALID_INPUT,         422, -
            ROLLOUT_RUNNING,       409, -
            INPUTS_TOO_LARGE,      413, -
            QUEUE_FULL,            503, 1
            SERVICE_UNAVAILABLE,   503, 5
            POOL_DRAINED,          503, 5
            POOL_FAILED,           503, -
            CANCELLED,             503, -
            RESULT_TOO_LARGE,      500, -
            CHUNK_TOO_LARGE,       500, -
            MEMORY_ERROR,          500, -
            MEMORY_LIMIT_EXCEEDED, 500, -
            CPU_LIMIT_EXCEEDED,    500, -
            CHECKOUT_TIMEOUT,      503, 1
            CALL_TIMEOUT,          504, -
            SESSION_BUSY,          504, -
            WORKER_LOST,           502, -
            MALFORMED_FRAME,       502, -
            INTERNAL_ERROR,        500, -
            BOUND_WORKER_BUSY,     409, -
            """)
    void each_failure_has_its_status_and_says_when_to_try_again(ErrorType type, int status, Integer retryAfter) {
        Problem problem = Problem.of(type.in(ErrorContext.of("default", "echo"), "m"));

        assertThat(problem.type()).isEqualTo(type.code());
        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.retryAfterSeconds()).isEqualTo(retryAfter);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            PROGRAM_ERROR,  ValueError,  false, 500, -
            PROGRAM_ERROR,  UnknownPool, true,  500, -
            RESOURCE_ERROR, Some,        true,  503, 5
            RESOURCE_ERROR, Some,        false, 503, -
            """)
    void what_is_of_no_type_of_ours_has_the_status_of_its_category(
            ErrorCategory category, String type, boolean retryable, int status, Integer retryAfter) {
        ErrorDetails details =
                new ErrorDetails(category, type, "m", null, null, ErrorContext.of("default", "echo"), retryable);

        Problem problem = Problem.of(details);

        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.retryAfterSeconds()).isEqualTo(retryAfter);
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
        assertThat(new String(Problem.of(ErrorType.NOT_FOUND, "nothing here").json(), UTF_8))
                .isEqualTo(
                        "{\"type\":\"NotFound\",\"title\":\"Not found\",\"status\":404,\"detail\":\"nothing here\",\"category\":\"validation_error\"}");
    }

    @ParameterizedTest
    @CsvSource({"408, validation_error", "500, system_error"})
    void what_the_server_refuses_keeps_its_status(int status, String category) {
        Problem problem = Problem.of(status, "no");

        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.type()).isEqualTo("RequestFailed");
        assertThat(problem.more()).containsEntry("category", category);
    }
}
