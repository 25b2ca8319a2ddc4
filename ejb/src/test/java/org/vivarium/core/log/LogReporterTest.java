package org.vivarium.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.vivarium.api.CallContext;
import org.vivarium.api.event.CallStarted;

class LogReporterTest {

    @Test
    void a_line_has_names_and_values_and_nobody_can_forge_another_line() {
        CallContext context = CallContext.correlated("c-1").withSession("a \"b\"\n2026 INFO forged");
        String line = LogReporter.line(Instant.EPOCH, new CallStarted("default", "echo", context));

        assertThat(line)
                .isEqualTo("event=call.start time=1970-01-01T00:00:00Z pool=default program=echo "
                        + "session=\"a \\\"b\\\"\\x0a2026 INFO forged\" correlation_id=c-1");
    }
}
