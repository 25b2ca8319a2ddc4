package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.TestRun;

class EarContentIT {

    private static final String API = "org/vivarium/api/";

    private final TestRun run = TestRun.current();
    private final Map<String, byte[]> ear;
    private final Map<String, byte[]> clientJar;

    EarContentIT() throws IOException {
        ear = unzip(Files.readAllBytes(run.ear()));
        clientJar = unzip(Files.readAllBytes(run.clientJar()));
    }

    @Test
    void the_library_directory_holds_what_the_service_needs_and_no_more() {
        assertThat(ear.keySet().stream().filter(name -> name.startsWith("lib/")))
                .containsExactlyInAnyOrder(
                        "lib/HdrHistogram.jar",
                        "lib/config.jar",
                        "lib/flyway-core.jar",
                        "lib/flyway-database-cockroachdb.jar",
                        "lib/flyway-database-postgresql.jar",
                        "lib/h2.jar",
                        "lib/jctools-core.jar",
                        "lib/logback-classic.jar",
                        "lib/logback-core.jar",
                        "lib/metrics-core.jar",
                        "lib/metrics-jmx.jar",
                        "lib/postgresql.jar",
                        "lib/prometheus-metrics-config.jar",
                        "lib/prometheus-metrics-exposition-textformats.jar",
                        "lib/prometheus-metrics-model.jar",
                        "lib/slf4j-api.jar",
                        "lib/vivarium-ejb-client.jar",
                        "lib/vivarium-logging.jar");
    }

    @Test
    void each_class_is_in_the_ear_once() throws IOException {
        List<String> classes = new ArrayList<>();
        for (String name : ear.keySet()) {
            if (name.matches(".*\\.[jw]ar")) {
                classes.addAll(classesOf(ear.get(name)));
            }
        }
        assertThat(classes).anyMatch(name -> name.startsWith(API)).doesNotHaveDuplicates();
    }

    @Test
    void the_client_jar_holds_the_public_api_whole_and_nothing_else() throws IOException {
        assertThat(clientJar.keySet().stream().filter(name -> !name.startsWith("META-INF/")))
                .containsExactlyInAnyOrderElementsOf(compiledApi());
    }

    @Test
    void our_logging_configuration_is_in_a_library_that_applications_do_not_get() throws IOException {
        assertThat(unzip(ear.get("lib/vivarium-logging.jar"))).containsKey("logback.xml");
        assertThat(clientJar).doesNotContainKey("logback.xml");
    }

    @Test
    void python_and_the_configuration_travel_inside_the_service() throws IOException {
        Map<String, byte[]> service = unzip(ear.get("vivarium-ejb.jar"));
        assertThat(service).containsKey("META-INF/vivarium/config/vivarium.conf");
        assertThat(unzip(service.get("META-INF/vivarium/python.zip")).keySet())
                .contains("src/vivarium_worker/boot.py", "examples/vivarium_examples.py")
                .noneMatch(name -> name.contains("__pycache__") || name.startsWith("tests/"));
    }

    private List<String> compiledApi() throws IOException {
        try (Stream<Path> files = Files.walk(run.apiClasses())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> API + run.apiClasses().relativize(file))
                    .toList();
        }
    }

    private static List<String> classesOf(byte[] archive) throws IOException {
        return unzip(archive).keySet().stream()
                .filter(name -> name.endsWith(".class") && !name.contains("module-info"))
                .map(name -> name.replaceFirst("^WEB-INF/classes/", ""))
                .toList();
    }

    private static Map<String, byte[]> unzip(byte[] archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()) {
                    entries.put(entry.getName(), zip.readAllBytes());
                }
            }
        }
        return entries;
    }
}
