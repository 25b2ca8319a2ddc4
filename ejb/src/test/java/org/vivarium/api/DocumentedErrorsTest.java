package org.vivarium.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds documents and sources against the one description of each failure. */
class DocumentedErrorsTest {
    private static final Path ROOT = Path.of(System.getProperty("vivarium.root"));
    private static final Path ERRORS = ROOT.resolve("docs/ERRORS.md");
    private static final Path PROTOCOL = ROOT.resolve("docs/PROTOCOL.md");

    @Test
    void the_table_of_types_is_the_enumeration_in_its_order() throws IOException {
        assertThat(section(ERRORS, "## Types"))
                .containsExactlyElementsOf(Arrays.stream(ErrorType.values())
                        .map(type -> row(type, '`' + type.category().code() + '`'))
                        .toList());
    }

    @Test
    void the_table_of_categories_has_each_with_its_exception() throws IOException {
        assertThat(section(ERRORS, "## Categories"))
                .containsExactlyElementsOf(Arrays.stream(ErrorCategory.values())
                        .map(category -> row(category, '`' + exception(category) + '`'))
                        .toList());
    }

    private static String exception(ErrorCategory category) {
        ErrorDetails details = new ErrorDetails(category, "Some", "some", null, null, ErrorContext.of("p"), false);
        return PythonException.of(details).getClass().getSimpleName();
    }

    private static String row(ErrorDescriptor descriptor, String second) {
        ErrorDescriptor.Retry retry = descriptor.retry();
        return "| `%s` | %s | %d | %s | %s | %s |"
                .formatted(
                        descriptor.code(),
                        second,
                        descriptor.status(),
                        retry.mayHelp() ? "after " + retry.afterSeconds() + " s" : "no",
                        descriptor.blame().name().toLowerCase(Locale.ROOT),
                        descriptor.description());
    }

    @Test
    void what_the_protocol_lets_a_worker_answer_is_known_in_the_same_category() throws IOException {
        List<String> rows = section(PROTOCOL, "## 6. ERROR")
                .filter(row -> row.contains("_error`"))
                .toList();

        assertThat(rows).hasSizeGreaterThan(9).allSatisfy(row -> {
            String[] cells = row.split("\\|", -1);
            ErrorCategory category = ErrorCategory.of(cells[2].replace("`", "").strip());
            assertThat(names(cells[3]).filter(name -> !name.equals("OperationCancelled"))) // its caller gets another
                    .allSatisfy(name ->
                            assertThat(ErrorDescriptor.of(category, name)).isEqualTo(ErrorType.named(name)));
        });
    }

    private static Stream<String> names(String cell) {
        return Pattern.compile("`([A-Z]\\w+)`").matcher(cell).results().map(found -> found.group(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ejb", "web"})
    void no_type_is_written_as_text_anywhere_else(String module) throws IOException {
        Pattern texts = Pattern.compile("\"([A-Z]\\w+)\"");
        try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/main/java"))) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("Metric.java") && !file.endsWith("PoolMXBean.java")) // of attributes
                    .toList();

            assertThat(sources)
                    .hasSizeGreaterThan(30)
                    .allSatisfy(source -> assertThat(texts.matcher(Files.readString(source))
                                    .results()
                                    .map(MatchResult::group))
                            .noneMatch(text -> ErrorType.named(text.replace("\"", "")) != null));
        }
    }

    /** Returns the rows of the tables below {@code heading}, up to the next one. */
    private static Stream<String> section(Path document, String heading) throws IOException {
        List<String> lines = Files.readAllLines(document);
        assertThat(lines).contains(heading);
        return lines.stream()
                .skip(lines.indexOf(heading) + 1L)
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("| ") && line.contains("| `"));
    }
}
