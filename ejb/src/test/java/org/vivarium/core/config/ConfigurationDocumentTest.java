package org.vivarium.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Writes what {@code docs/CONFIGURATION.md} and {@code config/vivarium.conf} say about parameters from the descriptions
 * in the code, and holds the other tables against it.
 */
class ConfigurationDocumentTest {
    private static final String WRITE = "vivarium.write.docs";
    private static final Path ROOT = Path.of(System.getProperty("vivarium.root"));
    private static final Path DOCUMENT = ROOT.resolve("docs/CONFIGURATION.md");
    private static final Path FILE = ROOT.resolve("config/vivarium.conf");

    @Test
    void the_tables_of_the_document_are_those_of_the_code() throws IOException {
        String document = Files.readString(DOCUMENT);
        for (Map.Entry<String, String> table : DocumentedParameters.tables().entrySet()) {
            document = DocumentedParameters.withPart(document, table.getKey(), table.getValue());
        }
        assertIsWritten(DOCUMENT, document);
    }

    @Test
    void the_comments_of_the_file_are_those_of_the_code() throws IOException {
        assertIsWritten(
                FILE, DocumentedParameters.withComments(Files.readString(FILE), DocumentedParameters.comments()));
    }

    /** Fails with the first line in which {@code file} differs; with {@value #WRITE} it gets this text instead. */
    private static void assertIsWritten(Path file, String text) throws IOException {
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(file, text);
        }
        String[] is = Files.readString(file).split("\n", -1);
        String[] wanted = text.split("\n", -1);
        int line = Arrays.mismatch(is, wanted);
        if (line >= 0) {
            throw new AssertionError(String.format(
                    "%s:%d differs from the descriptions in the code, which would have%n  %s%nWrite it by%n"
                            + "  mvn -B test -pl ejb -Dtest=%s -D%s=true",
                    ROOT.relativize(file),
                    line + 1,
                    line < wanted.length ? wanted[line] : "nothing more",
                    ConfigurationDocumentTest.class.getSimpleName(),
                    WRITE));
        }
    }

    /** They are read where they are needed, and by the log: the sources say which there are. */
    @Test
    void the_table_of_system_properties_has_exactly_those_that_are_read() throws IOException {
        Pattern read =
                Pattern.compile("(?:PROPERTY = |getProperty\\()\"(vivarium\\.[a-z.]+)\"|\\$\\{(vivarium\\.[a-z.]+)");
        Set<String> properties = new TreeSet<>();
        for (String place : List.of("ejb/src/main/java", "web/src/main/java", "ear/src/main/logging")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(place))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    read.matcher(Files.readString(file))
                            .results()
                            .forEach(found -> properties.add(found.group(1) == null ? found.group(2) : found.group(1)));
                }
            }
        }
        properties.remove("vivarium.python.examples"); // a variable of the configuration

        assertThat(properties).hasSizeGreaterThan(5);
        assertThat(section("## System properties of the service")).containsExactlyInAnyOrderElementsOf(properties);
    }

    /** Returns the first column of the table below {@code heading}. */
    private static List<String> section(String heading) throws IOException {
        List<String> all = rows().toList();
        assertThat(all).contains(heading);
        return all.stream()
                .skip(all.indexOf(heading) + 1L)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`", -1)[1])
                .toList();
    }

    private static Stream<String> rows() throws IOException {
        return Files.readAllLines(DOCUMENT).stream();
    }
}
