package org.vivarium.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
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
import org.vivarium.core.log.Audit;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.ServiceMain;
import org.vivarium.testing.StartsProcesses;

class LayeringTest {

    /**
     * Each package and all it may import besides the JDK's java.* and SLF4J; a row mentions only rows above it, so no
     * cycle can be written down.
     */
    private static final String MAP = """
            api                     : jakarta.inject jakarta.enterprise.util jakarta.enterprise.inject
            api.memory              :
            api.view.objectives     : api
            api.view.resources      : api
            api.view.worker         : api
            api.view                : api api.view.objectives api.view.worker
            api.view.page           :
            api.view.metrics        : api api.view.objectives api.view
            api.view.changes        : api
            api.view.settings       : api
            api.view.monitor        : api
            api.event               : api
            api.operation           : api api.memory api.view.objectives api.view.resources api.view.worker api.view api.view.settings api.view.monitor api.view.page api.view.metrics api.view.changes
            api.management          :
            api.client.bridge       : api jakarta.json javax.naming
            api.program             : api
            api.client              : api api.client.bridge api.program jakarta.inject jakarta.enterprise
            core.time               :
            core.log                : api api.event
            core.protocol           : api com.typesafe.config
            core.state              : core.protocol
            core.changes            : api api.operation core.log core.protocol core.state
            core.config             : api api.view api.view.settings api.event core.changes core.state com.typesafe.config
            core.trace              : api api.event
            core.telemetry          : api api.event core.time core.log core.trace org.jctools
            core.process.procfs     :
            core.process.cgroup     : core.time
            core.process.channel    : api api.memory core.time core.protocol
            core.process.control    : core.time core.protocol
            core.process.output     : api core.time core.log core.protocol core.process.control
            core.process            : api.view core.time core.config core.protocol core.process.procfs core.process.channel core.process.control core.process.output
            core.process.host       : api core.time core.config core.protocol core.process.procfs core.process.cgroup core.process.channel core.process.control core.process.output core.process
            core.metrics.windows    : api api.view.worker api.view api.view.metrics api.event org.HdrHistogram
            core.metrics.objectives : api api.view.objectives api.event core.time core.config core.metrics.windows
            core.metrics.history    : api.view.metrics core.metrics.windows
            core.metrics            : api api.view.objectives api.view.worker api.view api.view.metrics api.event core.time core.config core.telemetry core.metrics.windows core.metrics.objectives core.metrics.history
            core.metrics.exposition : api api.view.objectives api.view.worker api.view api.view.metrics api.operation core.config core.metrics.windows core.metrics com.codahale.metrics io.prometheus
            core.resource           : api api.view.resources api.event core.time core.telemetry core.process.procfs core.process.cgroup core.process.host core.metrics.exposition
            core.history            : api api.view api.event api.operation core.telemetry core.metrics.windows core.metrics.history
            core.monitor            : api.view api.view.monitor core.time core.telemetry core.metrics.windows core.metrics.history core.metrics
            core.context            : api.memory api.view core.time core.changes core.config core.telemetry core.process
            core.worker             : api core.time core.process.procfs core.process
            core.session            : api.view api.view.page core.time
            core.capacity           : api core.config core.worker
            core.breaker            : api api.view api.event core.time core.config core.telemetry core.context
            core.program            : api api.view api.event core.time core.config core.telemetry core.context core.breaker
            core.recovery           : api api.view.worker api.event core.time core.config core.telemetry core.context core.worker
            core.dispatch           : api.view core.time core.config core.process.channel core.worker core.session
            core.call               : api api.memory api.view api.event core.time core.config core.log core.trace core.telemetry core.protocol core.process.channel core.process core.context core.worker core.session core.breaker core.program core.recovery core.dispatch
            core.admission          : api api.memory api.view api.event core.time core.config core.log core.trace core.telemetry core.protocol core.process.channel core.context core.worker core.session core.breaker core.program core.dispatch core.call
            core.supervision        : api api.view.worker api.view api.event core.time core.config core.log core.telemetry core.protocol core.process.procfs core.process.channel core.process.output core.process core.context core.worker core.capacity core.program core.recovery core.dispatch
            core.health             : api api.event core.time core.changes core.config core.telemetry core.protocol core.process.procfs core.process.channel core.process core.context core.worker core.recovery core.dispatch core.supervision
            core.pool               : api api.view.worker api.view api.view.page api.event core.time core.changes core.config core.telemetry core.process.procfs core.process core.process.host core.context core.worker core.session core.capacity core.breaker core.program core.recovery core.dispatch core.call core.admission core.supervision core.health
            core.runtime            : api api.memory api.view.objectives api.view.resources api.view.worker api.view api.view.settings api.view.monitor api.view.page api.view.metrics api.view.changes api.event api.operation core.time core.changes core.config core.log core.telemetry core.process core.process.cgroup core.process.host core.metrics.history core.history core.monitor core.metrics.windows core.metrics core.metrics.exposition core.resource core.context core.admission core.pool com.codahale.metrics
            adapter.history         : api.view.metrics core.config core.metrics.windows core.metrics.history core.history javax.naming javax.sql org.flywaydb org.h2 org.postgresql
            adapter.ejb             : core.time jakarta
            adapter.tracing         : api api.event core.trace io.opentelemetry jakarta.enterprise.inject
            adapter.jmx.mbean       : api api.management core.time core.metrics.exposition javax.management javax.security.auth
            adapter.jmx.notification : api api.event javax.management
            adapter.jmx.settings    : api api.view.settings core.config adapter.jmx.mbean javax.management
            adapter.jmx.pool        : api api.view.objectives api.view.worker api.view api.view.page api.view.settings api.view.metrics api.operation api.management core.config core.metrics.exposition adapter.jmx.mbean javax.management
            adapter.jmx             : api api.memory api.view.objectives api.view.resources api.view.worker api.view api.view.settings api.view.monitor api.view.page api.view.metrics api.view.changes api.event api.operation api.management core.time core.config core.telemetry core.metrics core.metrics.exposition adapter.jmx.mbean adapter.jmx.notification adapter.jmx.settings adapter.jmx.pool javax.management
            adapter.boot            : api api.view.worker api.view api.event api.operation api.client.bridge core.time core.changes core.config core.trace core.telemetry core.process.host core.metrics core.resource core.pool core.monitor core.runtime core.state adapter.history adapter.ejb adapter.tracing adapter.jmx jakarta javax.management javax.naming com.codahale.metrics
            """;

    /** Most types in one package: it is one concept. */
    private static final int MOST_TYPES = 12;

    /** Packages above {@link #MOST_TYPES}; this list can only shrink. */
    private static final Set<String> LARGE = Set.of("api", "api.event", "api.management", "core.config");

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

    @ParameterizedTest
    @MethodSource("rows")
    void a_package_is_one_concept_and_so_has_few_types(Row row) {
        long types = MAIN.stream()
                .filter(each -> each.getPackageName().equals(ROOT + row.name()))
                .filter(each -> each.isTopLevelClass() && !each.getSimpleName().equals("package-info"))
                .count();
        if (LARGE.contains(row.name())) {
            assertThat(types).as("take it off the list").isGreaterThan(MOST_TYPES);
        } else {
            assertThat(types).isLessThanOrEqualTo(MOST_TYPES);
        }
    }

    @Test
    void no_change_leaves_a_line_without_a_record() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "core.changes")
                .should()
                .callMethodWhere(target(owner(type(Audit.class))))
                .check(MAIN);
    }

    @Test
    void nobody_sleeps_not_even_a_test() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(ALL);
    }

    @Test
    void the_quick_tests_start_no_python() {
        noClasses()
                .that()
                .areNotAnnotatedWith(StartsProcesses.class)
                .and()
                .doNotBelongToAnyOf(RunningService.class, ServiceMain.class)
                .should()
                .callConstructorWhere(target(owner(type(RunningService.class))))
                .check(ALL);
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
