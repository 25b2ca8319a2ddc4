package org.vivarium.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayeringTest {

    /**
     * Each package and all it may import besides the JDK's java.* and SLF4J; a row mentions only rows above it, so no
     * cycle can be written down.
     */
    private static final String MAP = """
            api            : jakarta.inject jakarta.enterprise.util jakarta.enterprise.inject
            api.view       : api
            api.event      : api
            api.operation  : api api.view
            api.management :
            api.program    : api
            api.client     : api api.program jakarta.inject jakarta.enterprise jakarta.json javax.naming
            core.time      :
            core.config    : api api.event api.view core.time com.typesafe.config
            core.telemetry : api api.event core.time org.jctools
            core.protocol  : api core.time com.typesafe.config
            core.process   : api api.view core.time core.config core.telemetry core.protocol
            core.metrics   : api api.event api.view core.time core.config core.telemetry com.codahale.metrics org.HdrHistogram
            core.resource  : api api.event api.view core.time core.telemetry core.process core.metrics
            core.worker    : api api.event core.time core.config core.telemetry core.protocol core.process
            core.session   : api.view core.time
            core.recovery  : api core.time core.config core.worker
            core.pool      : api api.event api.view core.time core.config core.telemetry core.protocol core.process core.worker core.session core.recovery
            core.runtime   : api api.event api.view api.operation core.time core.config core.telemetry core.process core.metrics core.resource core.pool com.codahale.metrics
            adapter.jmx    : api api.event api.view api.operation api.management core.time core.config core.telemetry core.metrics javax.management
            adapter.ejb    : core.time jakarta
            adapter.tracing : api api.event core.telemetry io.opentelemetry jakarta.enterprise.inject
            adapter.boot   : api api.event api.view api.operation api.client core.time core.config core.telemetry core.process core.metrics core.resource core.pool core.runtime adapter.jmx adapter.ejb adapter.tracing jakarta javax.management javax.naming com.codahale.metrics
            """;

    private static final String ROOT = "org.vivarium.";
    private static final JavaClasses ALL = new ClassFileImporter().importPackages("org.vivarium");
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.vivarium");

    @ParameterizedTest
    @MethodSource("rows")
    void a_package_imports_only_what_its_row_allows(Row row) {
        classes()
                .that()
                .resideInAPackage(ROOT + row.name())
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(row.allowedPackages())
                .check(MAIN);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_row_mentions_only_rows_above_it(Row row) {
        List<String> above = rows().map(Row::name)
                .takeWhile(name -> !name.equals(row.name()))
                .toList();
        assertThat(row.imports().stream().filter(Row::isOurs)).allMatch(above::contains);
    }

    @Test
    void every_package_has_a_row() {
        Set<String> packages = MAIN.stream().map(JavaClass::getPackageName).collect(toSet());
        assertThat(rows().map(row -> ROOT + row.name())).containsExactlyInAnyOrderElementsOf(packages);
    }

    @Test
    void nobody_sleeps_not_even_a_test() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(ALL);
    }

    static Stream<Row> rows() {
        return MAP.lines().map(Row::parse);
    }

    record Row(String name, List<String> imports) {
        static Row parse(String line) {
            List<String> words = List.of(line.strip().split("[ :]+"));
            return new Row(words.get(0), words.subList(1, words.size()));
        }

        static boolean isOurs(String name) {
            return name.matches("(api|core|adapter)\\b.*");
        }

        String[] allowedPackages() {
            List<String> allowed = new ArrayList<>(List.of("java..", "org.jspecify..", "org.slf4j..", ROOT + name));
            imports.forEach(name -> allowed.add(isOurs(name) ? ROOT + name : name + ".."));
            return allowed.toArray(String[]::new);
        }
    }
}
