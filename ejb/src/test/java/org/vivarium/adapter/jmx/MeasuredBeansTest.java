package org.vivarium.adapter.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.management.PoolMXBean;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.ServiceParameterStore;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.core.metrics.Metrics;
import org.vivarium.core.telemetry.Telemetry;
import org.vivarium.testing.ManualTicker;

class MeasuredBeansTest {
    private final MBeanServer server = MBeanServerFactory.newMBeanServer(); // private: nothing leaks between tests
    private final ManualTicker ticker = new ManualTicker();
    private final FakeOperations operations = new FakeOperations();
    private final ManagementBeans beans = new ManagementBeans(
            server,
            operations,
            new ManagementBeans.Stores(
                    new ServiceParameterStore(),
                    Map.of("default", new ParameterStore("default", PoolSettings.DEFAULT)),
                    Map.of()),
            new ServiceFacts(
                    "0.1",
                    "r1",
                    "/run/x",
                    () -> 5L,
                    new Telemetry(Thread::new),
                    new Metrics(new Metrics.Dependencies(
                            ticker, InstantSource.system(), () -> 0L, event -> {}, () -> ServiceSettings.DEFAULT))),
            ticker);
    private ObjectName pool;
    private ObjectName latency;

    @BeforeEach
    void names() throws Exception {
        beans.refresh();
        pool = new ObjectName("vivarium:type=Pool,pool=default");
        latency = new ObjectName("vivarium:type=Latency,pool=default,program=echo");
    }

    @AfterEach
    void close() {
        beans.close();
    }

    @Test
    void a_pool_has_the_flat_numbers_of_the_contract() throws Exception {
        Stream<String> percentiles = Stream.of("Wait", "Execution", "Total")
                .flatMap(measure -> Stream.of("P50", "P90", "P95", "P99", "P999", "Max")
                        .map(percentile -> measure + percentile + "Millis1m"));
        List<String> expected = Stream.concat(
                        Stream.of(
                                "Utilization1m",
                                "ThroughputPerSecond1m",
                                "ErrorRate1m",
                                "Samples1m",
                                "HealthScore",
                                "AffinityHitRate1m",
                                "RecoveryMillisLast",
                                "OldestCallMillis"),
                        percentiles)
                .toList();

        assertThat(attributes(pool)).containsKeys(expected.toArray(String[]::new));
        for (String name : expected) {
            assertThat(server.getAttribute(pool, name)).as(name).isInstanceOf(Number.class);
        }
    }

    @Test
    void numbers_are_plottable_described_and_have_units() throws Exception {
        assertThat(attributes(pool).values())
                .filteredOn(attribute -> attribute.getName().endsWith("1m"))
                .hasSizeGreaterThan(30)
                .allSatisfy(attribute -> {
                    assertThat(attribute.getType()).isIn("double", "long");
                    assertThat(attribute.getDescriptor().getFieldValue("units"))
                            .asString()
                            .isNotEmpty();
                    assertThat(attribute.getDescription())
                            .contains("the last minute")
                            .endsWith(".");
                });
        assertThat(attributes(pool).get("WaitP999Millis1m").getDescription())
                .isEqualTo("From the call until it has a worker, or stops waiting: the 99.9th percentile of the last "
                        + "minute; NaN without data. Unit: ms.");
    }

    @Test
    void what_the_contract_has_of_a_metric_is_described_by_the_metric_and_keeps_its_type() throws Exception {
        assertThat(attributes(pool).values())
                .allSatisfy(attribute -> assertThat(attribute.getDescription()).isNotBlank());
        MBeanAttributeInfo size = attributes(pool).get("Size");
        assertThat(size.getType()).isEqualTo("int");
        assertThat(size.getDescription()).isEqualTo("Worker processes in any state but TERMINATED. Unit: workers.");
        assertThat(size.getDescriptor().getFieldValue("units")).isEqualTo("workers");
    }

    @Test
    void numbers_are_read_one_by_one_and_together() throws Exception {
        assertThat(server.getAttribute(pool, "TotalP99Millis1m")).isEqualTo(4.0);
        assertThat(server.getAttribute(pool, "Samples1m")).isEqualTo(10L);
        assertThat(server.getAttributes(pool, new String[] {"Size", "Utilization1m", "None"})
                        .asList())
                .containsExactly(new Attribute("Size", 2), new Attribute("Utilization1m", 0.7));
        assertThatThrownBy(() -> server.getAttribute(pool, "Utilization2m"))
                .isInstanceOf(AttributeNotFoundException.class);
    }

    @Test
    void a_program_has_numbers_but_no_utilization() throws Exception {
        assertThat(server.getAttribute(latency, "TotalP50Millis1m")).isEqualTo(1.0);
        assertThat(server.getAttribute(latency, "Calls")).isEqualTo(10L);
        assertThat(attributes(latency)).doesNotContainKey("Utilization1m");
    }

    @Test
    void other_windows_workers_and_errors_are_operations() {
        PoolMXBean proxy = JMX.newMXBeanProxy(server, pool, PoolMXBean.class);

        assertThat(proxy.metrics("15m")).containsEntry("WaitP50Millis", 1.0).containsEntry("RetriesPerSecond", 0.5);
        assertThat(proxy.workerMetrics("default-1", "5m")).containsEntry("Utilization", 0.7);
        assertThat(proxy.keyTimeouts()).containsExactly(Map.entry("p1", 3L));
        assertThat(proxy.errorRates("1m")).containsExactly(Map.entry("program_error/ValueError", 2L));
        assertThat(proxy.metricsRange("2026-11-21T00:00:00Z", "2026-11-21T00:10:00Z", "PT5S"))
                .startsWith(
                        "{\"pool\":\"default\",\"from\":\"2026-11-21T00:00:00Z\",\"to\":\"2026-11-21T00:10:00Z\",\"stepSeconds\":5.0,");
        assertThat(proxy.metricsRange("", "", "")).contains("\"stepSeconds\":60.0,");
        assertThatThrownBy(() -> proxy.metricsRange("yesterday", "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("was \"yesterday\"");
        proxy.resetStatistics();
        assertThat(operations.told).containsExactly("reset default by jmx");
    }

    private Map<String, MBeanAttributeInfo> attributes(ObjectName name) throws Exception {
        return Arrays.stream(server.getMBeanInfo(name).getAttributes())
                .collect(Collectors.toMap(MBeanAttributeInfo::getName, attribute -> attribute));
    }
}
