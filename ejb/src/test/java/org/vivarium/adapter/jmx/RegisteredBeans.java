package org.vivarium.adapter.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.Notification;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.vivarium.api.management.PoolMXBean;
import org.vivarium.core.config.Objective;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.config.ObjectiveTarget;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.ServiceParameterStore;
import org.vivarium.core.metrics.Metrics;
import org.vivarium.core.telemetry.Telemetry;
import org.vivarium.testing.ManualTicker;

/** All beans of a service with one pool, on an MBean server of their own: nothing leaks between tests. */
abstract class RegisteredBeans {
    static final Instant HAPPENED = Instant.ofEpochMilli(1_000_000);

    final MBeanServer server = MBeanServerFactory.newMBeanServer(); // private: nothing leaks between tests
    final FakeOperations operations = new FakeOperations();
    final ManualTicker ticker = new ManualTicker();
    final ParameterStore store = new ParameterStore("default", PoolSettings.DEFAULT);
    final ServiceParameterStore service = new ServiceParameterStore();
    final ObjectiveStore objectives =
            new ObjectiveStore("default", List.of(new Objective("prep*", Map.of(ObjectiveTarget.DURATION, 2_000.0))));
    final ManagementBeans beans = newBeans();
    final PoolMXBean pool = JMX.newMXBeanProxy(server, name("type=Pool,pool=default"), PoolMXBean.class);

    @AfterEach
    void close() {
        beans.close();
        assertThat(server.queryNames(name("*"), null)).isEmpty();
    }

    ManagementBeans newBeans() {
        return newBeans(Map.of("default", store), Map.of("default", objectives));
    }

    ManagementBeans newBeans(Map<String, ParameterStore> stores, Map<String, ObjectiveStore> targets) {
        ServiceFacts facts = new ServiceFacts(
                "0.1",
                "r1",
                "/run/x",
                () -> 5L,
                new Telemetry(Thread::new),
                new Metrics(new Metrics.Dependencies(
                        ticker, InstantSource.system(), () -> 0L, event -> {}, service::current)));
        ManagementBeans made = new ManagementBeans(
                server, operations, new ManagementBeans.Stores(service, stores, targets), facts, ticker);
        made.refresh();
        return made;
    }

    List<Notification> listen(String keys) throws JMException {
        List<Notification> heard = new ArrayList<>();
        server.addNotificationListener(name(keys), (notification, handback) -> heard.add(notification), null, null);
        return heard;
    }

    List<String> types(String keys) throws JMException {
        return Arrays.stream(server.getMBeanInfo(name(keys)).getNotifications())
                .flatMap(info -> Stream.of(info.getNotifTypes()))
                .toList();
    }

    MBeanAttributeInfo attribute(String keys, String attribute) throws JMException {
        return Arrays.stream(server.getMBeanInfo(name(keys)).getAttributes())
                .filter(info -> info.getName().equals(attribute))
                .findFirst()
                .orElseThrow();
    }

    static ObjectName name(String keys) {
        try {
            return new ObjectName("vivarium:" + keys);
        } catch (JMException e) {
            throw new IllegalArgumentException(keys, e);
        }
    }
}
