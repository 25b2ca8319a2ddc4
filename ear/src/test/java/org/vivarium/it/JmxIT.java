package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.it.support.DefaultPool.eventually;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.PythonProcesses;

@OnServer
class JmxIT {

    private final DeployedVivarium vivarium = DeployedVivarium.current();
    private final DefaultPool pool = new DefaultPool(vivarium);

    @BeforeEach
    @AfterEach
    void restore() throws JMException, IOException {
        pool.restore();
    }

    @Test
    void a_local_attach_reaches_the_server_of_this_run() throws IOException {
        var runtime = ManagementFactory.newPlatformMXBeanProxy(
                vivarium.jmx(), ManagementFactory.RUNTIME_MXBEAN_NAME, RuntimeMXBean.class);
        assertThat(runtime.getPid()).isEqualTo(vivarium.server().pid());
        assertThat(runtime.getSystemProperties())
                .containsEntry("vivarium.home", vivarium.home().toString());
    }

    @Test
    void the_number_of_processes_follows_minimum_and_maximum() throws JMException {
        pool.set("MinimumWorkers", 4);
        pool.awaitWorkers(4);

        pool.set("MinimumWorkers", 1);
        pool.set("MaximumWorkers", 1);
        pool.awaitWorkers(1);
        pool.assertServes();
    }

    @Test
    void the_number_of_processes_follows_resize() throws JMException {
        pool.resize(3);
        pool.awaitWorkers(3);

        assertThat(refusal(() -> pool.resize(5)))
                .isEqualTo("size must be from MinimumWorkers = 2 to MaximumWorkers = 4, was 5");
        pool.awaitWorkers(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 100_000})
    void a_number_out_of_range_is_refused_with_what_is_allowed_and_nothing_changes(long workers) {
        for (String attribute : Set.of("MinimumWorkers", "MaximumWorkers")) {
            long before = pool.parameter(attribute);

            assertThat(refusal(() -> pool.set(attribute, workers)))
                    .isEqualTo(attribute + " must be a whole number from 1 to 256 workers, was " + workers);
            assertThat(pool.parameter(attribute)).isEqualTo(before);
        }
        pool.awaitWorkers(DefaultPool.WORKERS);
    }

    @Test
    void a_minimum_above_the_maximum_is_refused() {
        assertThat(refusal(() -> pool.set("MinimumWorkers", 5)))
                .isEqualTo("MinimumWorkers must be at most MaximumWorkers, was 5 with MaximumWorkers 4");
        assertThat(pool.parameter("MinimumWorkers")).isEqualTo(2);
    }

    @Test
    void the_health_check_interval_can_be_changed_while_the_pool_runs() throws JMException {
        Set<String> checks = new HashSet<>();

        pool.set("HealthCheckIntervalMillis", 1_000);

        eventually(
                () -> { // the next check at the interval of before would be the only one for 30 s
                    checks.add(lastCheckOfOldestWorker());
                    assertThat(checks).hasSizeGreaterThan(3);
                });
    }

    private String lastCheckOfOldestWorker() {
        return Answer.json(vivarium.get("api/pools/default/workers"))
                .asJsonArray()
                .getJsonObject(0)
                .getString("lastCheck");
    }

    @Test
    void a_killed_worker_is_told_by_a_notification_with_its_pid() throws Exception {
        BlockingQueue<Notification> told = new LinkedBlockingQueue<>();
        NotificationListener listener = (notification, handback) -> told.add(notification);
        ObjectName name = DefaultPool.name("Pool");
        vivarium.jmx().addNotificationListener(name, listener, null, null);
        try {
            long victim = pool.processes().get(0);

            PythonProcesses.kill(victim);

            Notification death = await(told, "vivarium.worker.terminate");
            assertThat(death.getSource()).isEqualTo(name);
            assertThat(death.getMessage()).contains("died: ", "SIGKILL");
            assertThat(death.getUserData())
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsAllEntriesOf(Map.of("pid", victim, "expected", false));
            Notification next = await(told, "vivarium.worker.transition");
            assertThat(next.getSequenceNumber()).isGreaterThan(death.getSequenceNumber());
        } finally {
            vivarium.jmx().removeNotificationListener(name, listener);
        }
    }

    private static Notification await(BlockingQueue<Notification> told, String type) throws InterruptedException {
        while (true) {
            Notification next = told.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("a notification " + type).isNotNull();
            if (next.getType().equals(type)) {
                return next;
            }
        }
    }

    @Test
    void the_workers_that_live_and_no_others_have_beans_however_many_were_killed() throws Exception {
        for (int i = 0; i < 5; i++) {
            pool.processes().forEach(PythonProcesses::kill);
            eventually(() -> assertThat(pool.read("Died")).isPositive());
            pool.awaitWorkers(DefaultPool.WORKERS);
        }

        ObjectName all = new ObjectName("vivarium:type=Worker,pool=default,*");
        eventually(() -> {
            Set<Long> beans = new HashSet<>();
            for (ObjectName bean : vivarium.jmx().queryNames(all, null)) {
                beans.add((Long) vivarium.jmx().getAttribute(bean, "Pid"));
            }
            assertThat(beans).containsExactlyInAnyOrderElementsOf(pool.processes());
        });
    }

    @Test
    void dropwizard_shows_the_same_numbers_in_its_own_domain() throws JMException, IOException {
        ObjectName samples = vivarium.jmx().queryNames(new ObjectName("vivarium.metrics:*"), null).stream()
                .filter(name -> "pool.default.Samples1m".equals(name.getKeyProperty("name")))
                .findFirst()
                .orElseThrow();

        pool.assertServes();

        eventually(() -> {
            assertThat((Long) vivarium.jmx().getAttribute(samples, "Value")).isPositive();
            assertThat(pool.read("Samples1m")).isPositive();
        });
    }

    private static String refusal(ThrowingCallable change) {
        return catchThrowableOfType(RuntimeMBeanException.class, change)
                .getTargetException()
                .getMessage();
    }
}
