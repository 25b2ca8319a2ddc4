package org.vivarium.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.vivarium.api.ErrorDescriptor.Blame;
import org.vivarium.api.event.CallOutcome;

class ErrorTypeTest {
    @ParameterizedTest
    @EnumSource
    void a_failure_of_a_type_is_found_again_by_category_and_name(ErrorType type) {
        ErrorDetails details = type.in(ErrorContext.of("default"), "no");

        assertThat(details.descriptor()).isEqualTo(type);
        assertThat(details.category()).isEqualTo(type.category());
        assertThat(details.type()).isEqualTo(type.code());
        assertThat(details.retryable()).isEqualTo(type.retry().mayHelp());
        assertThat(ErrorDetails.of(details.toMap())).isEqualTo(details);
    }

    @ParameterizedTest
    @CsvSource({"QUEUE_FULL, QueueFull", "CPU_LIMIT_EXCEEDED, CpuLimitExceeded", "CANCELLED, Cancelled"})
    void the_name_is_that_of_the_contract(ErrorType type, String code) {
        assertThat(type.code()).isEqualTo(code);
        assertThat(ErrorType.named(code)).isEqualTo(type);
    }

    @Test
    void what_a_program_raises_is_described_by_its_category_whatever_its_name() {
        assertThat(ErrorDescriptor.of(ErrorCategory.PROGRAM_ERROR, "ValueError"))
                .isEqualTo(ErrorCategory.PROGRAM_ERROR);
        assertThat(ErrorDescriptor.of(ErrorCategory.PROGRAM_ERROR, "UnknownPool"))
                .isEqualTo(ErrorCategory.PROGRAM_ERROR);
        assertThat(ErrorDescriptor.of(ErrorCategory.RESOURCE_ERROR, null)).isEqualTo(ErrorCategory.RESOURCE_ERROR);
    }

    @Test
    void only_what_somebody_wanted_to_end_is_no_error() {
        assertThat(Arrays.stream(ErrorType.values()).filter(type -> type.blame() == Blame.NOBODY))
                .containsExactlyInAnyOrder(ErrorType.CANCELLED, ErrorType.INTERRUPTED)
                .noneMatch(type -> CallOutcome.of(type.category(), type.code()).isError());
    }

    @Test
    void what_is_too_large_once_is_not_tried_again_and_no_shortage_of_the_service() {
        assertThat(new ErrorType[] {ErrorType.RESULT_TOO_LARGE, ErrorType.CHUNK_TOO_LARGE, ErrorType.CPU_LIMIT_EXCEEDED
                })
                .allSatisfy(type -> {
                    assertThat(type.retry().mayHelp()).isFalse();
                    assertThat(type.status()).isEqualTo(500);
                });
    }
}
