package org.vivarium.web.rest.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.api.operation.MetricsFormat;

class AcceptanceTest {
    @ParameterizedTest
    @CsvSource({
        "*/*, PROMETHEUS",
        "text/plain, PROMETHEUS",
        "text/*, PROMETHEUS",
        "text/plain;version=0.0.4, PROMETHEUS",
        "application/openmetrics-text, OPEN_METRICS",
        "application/openmetrics-text;version=1.0.0 text/plain;version=0.0.4, OPEN_METRICS",
        "application/openmetrics-text;version=0.0.1 text/plain;version=0.0.4, PROMETHEUS",
        "application/openmetrics-text;version=1.0.0;q=0 */*, PROMETHEUS",
    })
    void the_first_type_that_is_a_format_decides(String accept, MetricsFormat format) {
        assertThat(Acceptance.metrics(types(accept))).isEqualTo(format);
    }

    @Test
    void a_refusal_names_both_formats() {
        assertThatThrownBy(() -> Acceptance.metrics(types("application/json text/plain;version=1.0.0")))
                .hasMessage(
                        "the response is text/plain; version=0.0.4; charset=utf-8 or "
                                + "application/openmetrics-text; version=1.0.0; charset=utf-8, which the Accept header excludes");
    }

    /** Types apart by blanks; without a server there is nobody who parses them. */
    private static List<MediaType> types(String accept) {
        return Arrays.stream(accept.split(" ", -1)).map(AcceptanceTest::type).toList();
    }

    private static MediaType type(String text) {
        String[] parts = text.split("[/;]", -1);
        Map<String, String> parameters = Arrays.stream(parts)
                .skip(2)
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        return new MediaType(parts[0], parts[1], parameters);
    }
}
