package org.vivarium.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.vivarium.api.CallContext;
import org.vivarium.testing.WrittenLog;

class LogFieldsTest {
    private static final Logger LOG = LoggerFactory.getLogger(LogFieldsTest.class);
    private static final String START = "\\d{4}-\\d\\d-\\d\\dT\\S+ WARN  \\[\\S+]";
    private static final String HERE = " " + LogFieldsTest.class.getName() + " - ";
    private static final CallContext ALL = CallContext.of(Map.of(
            "session", "s1",
            "correlation_id", "c1",
            "project_id", "p1",
            "execution_id", "e1",
            "task_id", "t1",
            "node", "n1"));

    @TempDir
    Path directory;

    @AfterEach
    void forget() {
        MDC.clear();
    }

    @Test
    void a_line_says_who_is_concerned_as_far_as_it_is_known_and_nothing_of_what_is_not() throws Exception {
        try (WrittenLog log = log()) {
            LogFields.of("default", "default-1", "echo", ALL).during(() -> LOG.warn("all"));
            LogFields.of("default", null, "", CallContext.correlated("c2")).during(() -> LOG.warn("some"));
            LOG.warn("nobody");

            assertThat(log.lines()).hasSize(3);
            assertThat(log.lines().get(0))
                    .matches(START + " pool=default worker=default-1 program=echo session=s1 correlation_id=c1"
                            + " project_id=p1 execution_id=e1 task_id=t1 node=n1" + HERE + "all");
            assertThat(log.lines().get(1)).matches(START + " pool=default correlation_id=c2" + HERE + "some");
            assertThat(log.lines().get(2)).matches(START + HERE + "nobody");
        }
    }

    @Test
    void nobody_forges_a_line_or_steers_a_terminal_by_a_value_a_message_or_an_exception() throws Exception {
        String forged = "x\n2026-01-01T00:00:00.000Z ERROR [main] forged\r\u001b[2J\u0085\u2028";
        CallContext context =
                CallContext.correlated(forged + "y".repeat(10_000)).withSession(forged);
        try (WrittenLog log = log()) {
            LogFields.of("default", null, forged, context)
                    .during(() -> LOG.warn("refused {}", forged, new IllegalStateException(forged)));

            assertThat(log.lines()).hasSizeGreaterThan(3);
            assertThat(log.lines().get(0))
                    .matches(START + " pool=default program=x\\\\x0a2026.*")
                    .hasSizeLessThan(1_000);
            assertThat(log.lines().subList(1, log.lines().size())).allMatch(line -> line.startsWith("\t"));
            assertThat(String.join("", log.lines()).chars()).allMatch(c -> c == '\t' || !Character.isISOControl(c));
        }
    }

    @Test
    void a_task_takes_the_fields_along_and_leaves_its_thread_as_it_was() {
        MDC.put("correlation_id", "of the caller");
        Runnable[] task = new Runnable[1];
        String[] seen = new String[2];
        LogFields.of("default", null, null, CallContext.correlated("c1")).during(() -> {
            seen[0] = MDC.get("correlation_id");
            task[0] = LogFields.carriedTo(() -> seen[1] = MDC.get("correlation_id") + MDC.get("pool"));
        });
        assertThat(MDC.get("correlation_id")).isEqualTo("of the caller");
        assertThat(MDC.get("pool")).isNull();

        task[0].run();

        assertThat(seen).containsExactly("c1", "c1default");
        assertThat(MDC.get("correlation_id")).isEqualTo("of the caller");
    }

    @Test
    void lines_of_one_text_are_indented_and_their_control_characters_visible() {
        assertThat(LogText.indented("one\r\ntwo\tx\n\u001b[31m\n")).isEqualTo("one\n\ttwo\tx\n\t\\x1b[31m");
        assertThat(LogText.oneLine("a\nb\u2028")).isEqualTo("a\\x0ab\\u2028");
    }

    private WrittenLog log() throws Exception {
        return new WrittenLog(directory, Level.INFO, LogFieldsTest.class.getName());
    }
}
