package org.vivarium.it.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.awaitility.core.ThrowingRunnable;

/**
 * The pool {@code default} as an operator sees it: its MBeans in JConsole's way, and its processes as the operating
 * system shows them.
 */
public final class DefaultPool {

    /** The number of workers that it has before and after every test. */
    public static final int WORKERS = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DeployedVivarium vivarium;

    /** Takes the service that has it. */
    public DefaultPool(DeployedVivarium vivarium) {
        this.vivarium = vivarium;
    }

    /** Returns the MBean of that {@code type}. */
    public static ObjectName name(String type) {
        try {
            return new ObjectName("vivarium:type=" + type + ",pool=default");
        } catch (JMException e) {
            throw new IllegalArgumentException(type, e);
        }
    }

    /** Returns an attribute of {@code type=Pool}. */
    public long read(String attribute) {
        return ((Number) get("Pool", attribute)).longValue();
    }

    /** Returns an attribute of {@code type=PoolConfig}. */
    public long parameter(String attribute) {
        return ((Number) get("PoolConfig", attribute)).longValue();
    }

    /** Sets an attribute of {@code type=PoolConfig}. */
    public void set(String attribute, long value) throws JMException {
        try {
            jmx().setAttribute(name("PoolConfig"), new Attribute(attribute, value));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Calls {@code resize(size)}. */
    public void resize(int size) throws JMException {
        try {
            jmx().invoke(name("Pool"), "resize", new Object[] {size}, new String[] {"int"});
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the process id of the worker that is in {@code state}, such as {@code BUSY}, once there is one. */
    public long awaitPid(String state) {
        await().atMost(PATIENCE)
                .until(() -> rows().anyMatch(row -> row.get("state").equals(state)));
        return rows().filter(row -> row.get("state").equals(state))
                .map(row -> (Long) row.get("pid"))
                .findFirst()
                .orElseThrow();
    }

    private java.util.stream.Stream<CompositeData> rows() {
        return Arrays.stream((CompositeData[]) get("Workers", "Workers"));
    }

    /** Returns the process ids of the workers, as the operating system shows them. */
    public List<Long> processes() {
        return PythonProcesses.workersOf(vivarium.server());
    }

    /** Waits until there are {@code workers} processes and the pool says that each of them serves. */
    public void awaitWorkers(int workers) {
        eventually(() -> {
            assertThat(processes()).hasSize(workers);
            assertThat(rows().map(row -> row.get("pid"))).containsExactlyInAnyOrderElementsOf(processes());
            assertThat(read("Ready")).isEqualTo(workers);
        });
    }

    /** Waits until {@code assertion} holds. */
    public static void eventually(ThrowingRunnable assertion) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).untilAsserted(assertion);
    }

    /** Gives the pool what it had before the tests, and waits for its workers. */
    public void restore() throws JMException, IOException {
        AttributeList initial = new AttributeList(List.of(
                new Attribute("MinimumWorkers", (long) WORKERS),
                new Attribute("MaximumWorkers", 4L),
                new Attribute("HealthCheckIntervalMillis", 30_000L)));
        jmx().setAttributes(name("PoolConfig"), initial);
        resize(WORKERS);
        awaitWorkers(WORKERS);
    }

    /** Checks that calls are answered, by more calls than there are workers. */
    public void assertServes() {
        for (int i = 0; i < 2 * WORKERS; i++) {
            String inputs = "{\"i\":" + i + '}';
            assertThat(vivarium.call("echo", inputs).body()).isEqualTo(inputs);
        }
    }

    private Object get(String type, String attribute) {
        try {
            return jmx().getAttribute(name(type), attribute);
        } catch (JMException | IOException e) {
            throw new IllegalStateException("cannot read " + attribute + " of " + name(type), e);
        }
    }

    private MBeanServerConnection jmx() {
        return vivarium.jmx();
    }
}
