package org.vivarium.adapter.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.WorkerTransitioned;
import org.vivarium.api.management.AttributeOrder;
import org.vivarium.api.management.Impact;
import org.vivarium.api.management.WorkerMXBean;

/** What holds for all beans: order, one picture, refusals; and the beans of workers. */
class MBeanTreeTest extends RegisteredBeans {
    private static final ObjectName SERVICE = name("type=Service");
    private static final ObjectName POOL = name("type=Pool,pool=default");
    private static final ObjectName WORKER = name("type=Worker,pool=default,worker=default-1");

    private List<String> attributes(ObjectName bean) throws Exception {
        return Arrays.stream(server.getMBeanInfo(bean).getAttributes())
                .map(MBeanAttributeInfo::getName)
                .toList();
    }

    static Stream<String> types() throws Exception {
        return ManagementDocumentTest.types().stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    void the_order_of_a_contract_names_all_its_attributes_and_nothing_that_is_not_there(String type) throws Exception {
        Class<?> contract = Class.forName("org.vivarium.api.management." + type + "MXBean");
        List<String> order =
                List.of(contract.getAnnotation(AttributeOrder.class).value());
        Set<String> own = Arrays.stream(contract.getMethods())
                .filter(method -> !method.isAnnotationPresent(Impact.class))
                .map(Method::getName)
                .map(method -> method.replaceFirst("^(get|is|set)", ""))
                .collect(Collectors.toSet());
        ObjectName bean =
                server.queryNames(name("type=" + type + ",*"), null).iterator().next();

        assertThat(order).doesNotHaveDuplicates().containsAll(own);
        assertThat(attributes(bean)).startsWith(order.toArray(String[]::new));
    }

    @Test
    void what_is_wrong_with_a_pool_comes_first() throws Exception {
        assertThat(attributes(POOL)).startsWith("State", "Problem", "HealthScore", "Waiting", "OldestWaitMillis");
    }

    @Test
    void the_snapshot_of_a_pool_has_all_its_numbers_at_one_moment() throws Exception {
        operations.busy = 2;
        CompositeData snapshot = (CompositeData) server.getAttribute(POOL, "Snapshot");
        operations.busy = 1;

        Set<String> numbers = Arrays.stream(server.getMBeanInfo(POOL).getAttributes())
                .filter(attribute -> Set.of("int", "long", "double").contains(attribute.getType()))
                .map(MBeanAttributeInfo::getName)
                .collect(Collectors.toSet());
        assertThat(numbers).hasSizeGreaterThan(80);
        assertThat(snapshot.getCompositeType().keySet()).isEqualTo(numbers);
        assertThat(snapshot.get("Busy")).isEqualTo(2);
        for (String number : numbers) {
            assertThat(snapshot.get(number)).as(number).isEqualTo(server.getAttribute(POOL, number));
        }
        assertThat(operations.looks).as("looks at the pool").isEqualTo(1);
    }

    @Test
    void attributes_that_are_read_together_come_from_one_picture() throws Exception {
        operations.onLook = () -> ticker.advance(Duration.ofSeconds(2)); // the picture is old at once

        assertThat(server.getAttributes(POOL, new String[] {"Size", "Ready", "Busy", "Snapshot"}))
                .hasSize(4);
        assertThat(operations.looks).isEqualTo(1);
    }

    @Test
    void a_worker_has_a_bean_with_its_state_and_the_numbers_of_its_calls() throws Exception {
        WorkerMXBean worker = JMX.newMXBeanProxy(server, WORKER, WorkerMXBean.class);

        assertThat(List.of(worker.getState(), worker.getHealth(), worker.getProcessState(), worker.getLastCheck()))
                .containsExactly("READY", "HEALTHY", "S", "");
        assertThat(worker.isInService()).isTrue();
        assertThat(List.of(worker.getPid(), worker.getCalls(), worker.getErrors(), worker.getRssBytes()))
                .containsExactly(42L, 10L, 2L, 20_000_000L);
        assertThat(server.getAttribute(WORKER, "Utilization1m")).isEqualTo(0.7);
        assertThat(worker.history()).hasSize(1);
        worker.recycle();
        assertThat(worker.collectGarbage()).isEqualTo(7);
        assertThat(operations.told).containsExactly("recycle default-1", "collect garbage of default-1 by jmx");
        assertThat(worker.dumpStacks()).isEqualTo("stacks of default-1");
    }

    @Test
    void the_beans_of_workers_follow_what_events_tell_and_what_a_look_shows() {
        operations.workers = List.of("default-2", "default-3");
        beans.report(
                HAPPENED,
                new WorkerTransitioned("default", "default-1", WorkerState.READY, WorkerState.TERMINATED, "x", 1));
        assertThat(server.queryNames(name("type=Worker,*"), null))
                .containsExactlyInAnyOrder(
                        name("type=Worker,pool=default,worker=default-2"),
                        name("type=Worker,pool=default,worker=default-3"));

        operations.workers = List.of("default-3"); // and the event was lost
        beans.refresh();
        assertThat(server.queryNames(name("type=Worker,*"), null))
                .containsExactly(name("type=Worker,pool=default,worker=default-3"));
    }

    @Test
    void nothing_is_registered_any_more_once_all_is_taken_down() {
        beans.close();
        operations.workers = List.of("default-9");
        beans.refresh();

        assertThat(server.queryNames(name("*"), null)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RequestBudgetMegabytes | a whole number from 1 to 65536 MiB",
                "LoginSessions          | a whole number from 1 to 1000000 sessions",
                "Events                 | a list of patterns of events"
            })
    void a_value_of_a_wrong_type_is_refused_in_the_same_way_as_one_out_of_range(String attribute, String wanted) {
        ObjectName config = name("type=ServiceConfig");
        assertRefused(config, attribute, true, attribute + " must be " + wanted + ", was true");
        assertRefused(config, attribute, null, attribute + " must be " + wanted + ", was null");
        assertRefused(config, attribute, Double.NaN, attribute + " must be " + wanted + ", was NaN");
    }

    private void assertRefused(ObjectName bean, String attribute, Object value, String sentence) {
        assertThatThrownBy(() -> server.setAttribute(bean, new Attribute(attribute, value)))
                .isInstanceOf(RuntimeMBeanException.class)
                .cause()
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @Test
    void a_whole_number_may_come_in_any_type_that_holds_it() throws Exception {
        ObjectName config = name("type=ServiceConfig");
        for (Number number : List.of(2, 3L, (short) 4, 5.0)) {
            server.setAttribute(config, new Attribute("ResultBudgetMegabytes", number));
            assertThat(server.getAttribute(config, "ResultBudgetMegabytes")).isEqualTo(number.longValue());
        }
        for (String shown : List.of("Up", "ResultBudgetBytes")) {
            assertThatThrownBy(() -> server.setAttribute(SERVICE, new Attribute(shown, 1L)))
                    .isInstanceOf(AttributeNotFoundException.class);
        }
    }

    @Test
    void an_operation_without_its_argument_is_refused_with_the_name_of_it() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool.recycle(null))
                .withMessage("recycle needs worker, which was null");
        assertThat(pool.metricsRange(null, null, null)).contains("\"stepSeconds\":60.0,");
    }

    @Test
    void a_pool_that_cannot_start_has_one_bean() throws Exception {
        beans.close();
        try (ManagementBeans broken = newBeans(Map.of(), Map.of())) {
            assertThat(broken).isNotNull();
            assertThat(server.queryNames(name("*,pool=default"), null)).containsExactly(POOL);
            assertThat(server.getAttribute(POOL, "Size")).isEqualTo(2);
            assertThat(attributes(POOL)).doesNotContain("Utilization1m");
        }
    }
}
