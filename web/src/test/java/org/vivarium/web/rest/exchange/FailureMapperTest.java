package org.vivarium.web.rest.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.ErrorType;
import org.vivarium.api.PythonException;
import org.vivarium.web.json.Problem;

class FailureMapperTest {
    @Test
    void a_python_exception_keeps_its_type_and_a_refused_value_its_sentence() {
        ErrorDetails details = new ErrorDetails(
                ErrorCategory.PROGRAM_ERROR,
                "ValueError",
                "no",
                "Traceback",
                null,
                ErrorContext.of("default", "fail"),
                false);

        Problem raised = FailureMapper.problem(PythonException.of(details));
        assertThat(raised.status()).isEqualTo(500);
        assertThat(raised.type()).isEqualTo("ValueError");
        assertThat(raised.more()).containsEntry("traceback", "Traceback").containsEntry("category", "program_error");

        Problem refused = FailureMapper.problem(new IllegalArgumentException("QueueLimit must be a whole number"));
        assertThat(refused).isEqualTo(Problem.of(ErrorType.INVALID_VALUE, "QueueLimit must be a whole number"));
    }

    @Test
    void a_failure_of_a_stage_is_told_as_what_it_was() {
        Problem refused = FailureMapper.problem(
                new CompletionException(new IllegalArgumentException("QueueLimit must be a whole number")));

        assertThat(refused).isEqualTo(Problem.of(ErrorType.INVALID_VALUE, "QueueLimit must be a whole number"));
    }

    @Test
    void a_bug_shows_nothing_but_an_error_id() {
        Problem problem = FailureMapper.problem(new IllegalStateException("secret detail"));

        assertThat(problem.status()).isEqualTo(500);
        assertThat(problem.detail())
                .doesNotContain("secret")
                .matches("the service failed; the log has the cause, under the error id [0-9a-f-]{36}");
    }
}
