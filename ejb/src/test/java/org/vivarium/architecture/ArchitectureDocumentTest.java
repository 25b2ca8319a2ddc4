package org.vivarium.architecture;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds what documents say about packages, types and modules against the sources. */
class ArchitectureDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("vivarium.root"));
    private static final Path ARCHITECTURE = ROOT.resolve("docs/ARCHITECTURE.md");
    private static final Path PYTHON = ROOT.resolve("python/src/vivarium_worker");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final String PLANNED = " (planned)";

    @Test
    void the_table_of_packages_is_the_map_of_the_layering_test_in_its_order() throws IOException {
        assertThat(firstColumn("## Packages", "(api|core|adapter)\\b.*"))
                .containsExactlyElementsOf(
                        LayeringTest.rows().map(LayeringTest.Row::name).toList());
    }

    @Test
    void the_table_of_the_web_module_has_its_packages() throws IOException {
        assertThat(firstColumn("## Packages", "web\\b.*")).containsExactlyInAnyOrderElementsOf(packages("web"));
    }

    @Test
    void the_table_of_python_has_its_sub_packages() throws IOException {
        try (Stream<Path> files = Files.list(PYTHON)) {
            Set<String> packages = files.filter(file -> Files.exists(file.resolve("__init__.py")))
                    .map(file -> file.getFileName().toString())
                    .collect(toCollection(TreeSet::new));
            assertThat(firstColumn("## Packages", "[a-z]+"))
                    .filteredOn(name -> !name.equals("api"))
                    .containsExactlyInAnyOrderElementsOf(packages);
        }
    }

    @Test
    void every_answer_names_a_package_that_exists_or_says_that_it_is_planned() throws IOException {
        Set<String> packages = packages("ejb");
        packages.addAll(packages("web"));

        assertThat(rows("## Which package answers which question"))
                .hasSizeGreaterThan(20)
                .allSatisfy(row -> {
                    String answer = row.split("\\|", -1)[2];
                    assertThat(codes(answer)).isNotEmpty();
                    if (answer.contains(PLANNED)) {
                        assertThat(codes(answer)).doesNotContainAnyElementsOf(packages);
                    } else {
                        assertThat(packages).containsAll(codes(answer));
                    }
                });
    }

    @Test
    void every_answer_starts_at_a_type_of_one_of_its_packages() throws IOException {
        assertThat(rows("## Which package answers which question")).allSatisfy(row -> {
            String[] cells = row.split("\\|", -1);
            assertThat(codes(cells[3]))
                    .allMatch(type -> codes(cells[2]).stream()
                            .anyMatch(name ->
                                    Stream.of("ejb", "web").anyMatch(module -> exists(module, name + '.' + type))));
        });
    }

    @ParameterizedTest
    @MethodSource("documents")
    void a_qualified_name_in_a_document_is_a_package_or_a_type_in_it(Path document) throws IOException {
        List<String> names = Files.readAllLines(document).stream()
                .filter(line -> !line.contains(PLANNED))
                .flatMap(line -> codes(line).stream())
                .map(name -> name.replace("org.vivarium.", ""))
                .filter(name -> name.matches("(api|core|adapter|web)\\.[a-z]\\w+(\\.\\w+)*"))
                .toList();

        assertThat(names)
                .allMatch(name -> Stream.of("ejb", "web").anyMatch(module -> exists(module, withoutMember(name))));
    }

    static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")), files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }

    @Test
    void the_glossary_is_in_alphabetical_order_and_linked_from_where_people_begin() throws IOException {
        List<String> words = Files.readAllLines(ROOT.resolve("docs/GLOSSARY.md")).stream()
                .filter(line -> line.startsWith("| **"))
                .map(line -> line.split("\\*\\*", -1)[1])
                .toList();

        assertThat(words).hasSizeGreaterThan(20).isSortedAccordingTo(String.CASE_INSENSITIVE_ORDER);
        assertThat(List.of("README.md", "CONTRIBUTING.md"))
                .allSatisfy(name -> assertThat(ROOT.resolve(name)).content().contains("(docs/GLOSSARY.md)"));
    }

    @Test
    void every_type_and_module_where_contributors_are_sent_exists() throws IOException {
        List<String> names = Files.readAllLines(ROOT.resolve("CONTRIBUTING.md")).stream()
                .dropWhile(line -> !line.startsWith("## Where do I look for"))
                .filter(line -> line.startsWith("| "))
                .flatMap(line -> codes(line).stream())
                .toList();

        assertThat(names).filteredOn(name -> name.matches("[A-Z][a-z]\\w+")).isSubsetOf(types());
        assertThat(names)
                .filteredOn(name -> name.matches("[a-z_]+/([a-z_]+\\.py)?"))
                .hasSizeGreaterThan(5)
                .allMatch(name -> Files.exists(PYTHON.resolve(name)));
    }

    @Test
    void every_lock_and_field_in_the_pages_on_threads_belongs_to_a_type_that_exists() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve("docs/CONCURRENCY.md")).stream()
                        .flatMap(line -> codes(line).stream())
                        .filter(name -> name.matches("[A-Z]\\w+\\.[_a-z]\\w+"))
                        .map(name -> name.replaceFirst("\\..*", "")))
                .hasSizeGreaterThan(20)
                .isSubsetOf(types());
    }

    /** Returns {@code core.time.Ticker} for {@code core.time.Ticker.nanos}. */
    private static String withoutMember(String name) {
        return name.replaceFirst("(\\.[A-Z]\\w*)\\..*", "$1");
    }

    private static boolean exists(String module, String name) {
        Path place = sources(module).resolve(name.replace('.', '/'));
        return Files.isDirectory(place) || Files.exists(place.resolveSibling(place.getFileName() + ".java"));
    }

    private static Path sources(String module) {
        return ROOT.resolve(module + "/src/main/java/org/vivarium");
    }

    private static Set<String> packages(String module) throws IOException {
        try (Stream<Path> files = Files.walk(sources(module))) {
            return files.filter(file -> file.endsWith("package-info.java"))
                    .map(file -> sources(module).relativize(file.getParent()).toString())
                    .map(name -> name.replace('/', '.'))
                    .collect(toCollection(TreeSet::new));
        }
    }

    private static Set<String> types() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String module : List.of("ejb/src", "web/src")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java"))
                        .forEach(name -> names.add(name.replace(".java", "")));
            }
        }
        return names;
    }

    private static List<String> rows(String heading) throws IOException {
        List<String> lines = Files.readAllLines(ARCHITECTURE);
        assertThat(lines).contains(heading);
        return lines.stream()
                .skip(lines.indexOf(heading) + 1L)
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("| ") && line.contains("`"))
                .toList();
    }

    private static List<String> firstColumn(String heading, String pattern) throws IOException {
        return rows(heading).stream()
                .map(row -> row.split("`", -1)[1])
                .filter(name -> name.matches(pattern))
                .toList();
    }

    private static List<String> codes(String text) {
        return CODE.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
