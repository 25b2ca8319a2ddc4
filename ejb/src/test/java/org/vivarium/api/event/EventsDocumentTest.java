package org.vivarium.api.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vivarium.api.CallContext;
import org.vivarium.api.ErrorCategory;

/** Holds the table of {@code docs/EVENTS.md} against the catalogue in the code. */
class EventsDocumentTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("vivarium.root"), "docs", "EVENTS.md");

    @Test
    void the_table_is_the_catalogue_in_its_order() throws Exception {
        List<String> rows = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(EventType.values())
                        .map(EventsDocumentTest::row)
                        .toList());
    }

    @Test
    void every_record_that_is_an_event_is_in_the_catalogue() throws Exception {
        Path sources = Path.of(System.getProperty("vivarium.root"), "ejb/src/main/java/org/vivarium/api/event");
        Set<String> known = Arrays.stream(EventType.values())
                .map(EventType::record)
                .filter(Objects::nonNull)
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(sources)) {
            List<Path> records = files.filter(
                            file -> read(file).matches("(?s).*public record .*implements PoolEvent.*"))
                    .toList();

            assertThat(records)
                    .extracting(file -> file.getFileName().toString().replace(".java", ""))
                    .containsExactlyInAnyOrderElementsOf(known);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void names_are_dotted_and_unique() {
        List<String> names =
                Arrays.stream(EventType.values()).map(EventType::dotted).toList();

        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z]+(\\.[a-z_]+)+"));
    }

    @Test
    void members_are_told_by_the_names_of_the_catalogue_and_the_unknown_left_out() {
        CallContext context = new CallContext("s1", "c1", null, null, null, null, "00-trace");
        CallEnded event = new CallEnded(
                "p",
                null,
                "echo",
                null,
                1,
                2,
                30,
                2,
                CallOutcome.TIMED_OUT,
                ErrorCategory.TIMEOUT_ERROR,
                "CallTimeout",
                context);

        assertThat(event.members().keySet())
                .containsExactly(
                        "pool",
                        "program",
                        "waitNanos",
                        "executionNanos",
                        "totalNanos",
                        "attempts",
                        "outcome",
                        "failure",
                        "errorType",
                        "session",
                        "correlation_id");
        assertThat(event.type().members()).containsAll(event.members().keySet());
    }

    private static String row(EventType type) {
        String members = type.members().stream().map(name -> '`' + name + '`').collect(Collectors.joining(", "));
        String when = type.isReserved() ? "never yet" : type.isOnRequest() ? "on request" : "always";
        return "| `%s` | %s | %s | %s | %s |".formatted(type.dotted(), when, type.level(), type.description(), members);
    }
}
