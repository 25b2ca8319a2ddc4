package org.vivarium.adapter.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.MBeanNotificationInfo;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vivarium.adapter.jmx.notification.PoolNotifier;
import org.vivarium.api.management.Description;
import org.vivarium.api.management.Impact;
import org.vivarium.api.management.MetricAttribute;
import org.vivarium.api.management.PoolMXBean;
import org.vivarium.api.management.Unit;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.core.metrics.exposition.Attribute;

/** Holds the lists of {@code docs/MANAGEMENT.md} against the MXBeans and notifications in the code. */
class ManagementDocumentTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("vivarium.root"), "docs", "MANAGEMENT.md");
    private static final Map<String, Attribute<MetricsView>> METRICS =
            Attribute.ofPool().stream().collect(Collectors.toMap(Attribute::name, Function.identity()));

    static List<String> types() throws IOException {
        Path contracts = Path.of(System.getProperty("vivarium.root"), "ejb/src/main/java/org/vivarium/api/management");
        try (Stream<Path> files = Files.list(contracts)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("MXBean.java"))
                    .map(name -> name.replace("MXBean.java", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void the_tables_of_an_mbean_have_exactly_its_attributes_and_operations(String type) throws Exception {
        Class<?> contract = Class.forName("org.vivarium.api.management." + type + "MXBean");
        List<String> expected = Arrays.stream(contract.getMethods())
                .filter(method -> !method.getName().startsWith("set")
                        || method.getParameterCount() > 1) // a row each by its getter
                .map(ManagementDocumentTest::row)
                .toList();
        List<String> headings = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.matches("### `vivarium:type=" + type + "\\b.*`"))
                .toList();

        assertThat(headings).hasSize(1);
        assertThat(section(headings.get(0)).filter(line -> line.startsWith("| `") && !line.startsWith("| `vivarium.")))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void what_is_a_metric_is_described_as_a_metric_and_nowhere_else() {
        assertThat(PoolMXBean.class.getMethods())
                .filteredOn(method -> METRICS.containsKey(method.getName().replaceFirst("^get", "")))
                .hasSizeGreaterThan(20)
                .allSatisfy(method -> {
                    assertThat(method.isAnnotationPresent(MetricAttribute.class))
                            .isTrue();
                    assertThat(method.isAnnotationPresent(Description.class)).isFalse();
                });
    }

    @Test
    void the_notifications_are_those_that_the_bean_declares_with_their_data() throws Exception {
        PoolNotifier notifier = PoolNotifier.ofPool(new ObjectName("vivarium:type=Pool,pool=default"));
        List<String> expected = Arrays.stream(notifier.getNotificationInfo())
                .map(ManagementDocumentTest::row)
                .toList();

        assertThat(section("### `vivarium:type=Pool,pool=<pool>`").filter(line -> line.startsWith("| `vivarium.")))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Returns the lines below {@code heading}, up to the next one. */
    private static Stream<String> section(String heading) throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENT);
        assertThat(lines).contains(heading);
        return lines.stream().skip(lines.indexOf(heading) + 1L).takeWhile(line -> !line.startsWith("#"));
    }

    private static String row(Method method) {
        Impact impact = method.getAnnotation(Impact.class);
        if (impact != null) {
            String arguments = Arrays.stream(method.getParameters())
                    .map(Parameter::getName)
                    .collect(Collectors.joining(", "));
            return "| `" + method.getName() + '(' + arguments + ")` | " + impact.value() + " | " + description(method)
                    + " |";
        }
        String name = method.getName().replaceFirst("^(get|is)", "");
        if (method.isAnnotationPresent(MetricAttribute.class)) {
            Attribute<MetricsView> metric = Objects.requireNonNull(METRICS.get(name), name);
            return "| `" + name + "` | " + metric.unit() + " | " + metric.description() + " |";
        }
        Unit unit = method.getAnnotation(Unit.class);
        return "| `" + name + "` | " + (unit == null ? "" : unit.value() + ' ') + "| " + description(method) + " |";
    }

    private static String description(Method method) {
        return Objects.requireNonNull(method.getAnnotation(Description.class), method.getName())
                .value();
    }

    private static String row(MBeanNotificationInfo info) {
        String data = info.getDescription().replaceFirst(".*user data: ", "").replace(".", "");
        String names = Arrays.stream(data.split(", ", -1)).collect(Collectors.joining("`, `", "`", "`"));
        return "| `" + info.getNotifTypes()[0] + "` | " + names + " |";
    }
}
