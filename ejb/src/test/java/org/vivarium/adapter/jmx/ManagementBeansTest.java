package org.vivarium.adapter.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.vivarium.adapter.jmx.mbean.MBeanRegistry;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.ObjectiveLevel;
import org.vivarium.api.ProcessRole;
import org.vivarium.api.PythonException;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.BreakerChanged;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.ObjectiveLevelChanged;
import org.vivarium.api.event.PoolResized;
import org.vivarium.api.event.ProcessNoticed;
import org.vivarium.api.event.ProgramsChanged;
import org.vivarium.api.event.RecoveryDecided;
import org.vivarium.api.event.RolloutChanged;
import org.vivarium.api.event.WorkerEnded;
import org.vivarium.api.event.WorkerTransitioned;
import org.vivarium.api.management.BreakerMXBean;
import org.vivarium.api.management.CallsMXBean;
import org.vivarium.api.management.PoolMXBean;
import org.vivarium.api.management.ServiceMXBean;
import org.vivarium.api.management.SessionsMXBean;
import org.vivarium.api.management.WorkersMXBean;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.testing.CapturedLog;

class ManagementBeansTest extends RegisteredBeans {
    private final CallsMXBean calls = JMX.newMXBeanProxy(server, name("type=Calls,pool=default"), CallsMXBean.class);
    private final WorkersMXBean workers =
            JMX.newMXBeanProxy(server, name("type=Workers,pool=default"), WorkersMXBean.class);

    @Test
    void the_names_are_text_in_the_order_of_the_contract() {
        assertThat(server.queryNames(name("*"), null))
                .extracting(ObjectName::toString)
                .containsExactlyInAnyOrder(
                        "vivarium:type=Service",
                        "vivarium:type=Telemetry",
                        "vivarium:type=Resources",
                        "vivarium:type=ChangeLog",
                        "vivarium:type=History",
                        "vivarium:type=SelfMonitor",
                        "vivarium:type=ServiceConfig",
                        "vivarium:type=Pool,pool=default",
                        "vivarium:type=Calls,pool=default",
                        "vivarium:type=Workers,pool=default",
                        "vivarium:type=Worker,pool=default,worker=default-1",
                        "vivarium:type=Sessions,pool=default",
                        "vivarium:type=Isolation,pool=default",
                        "vivarium:type=Objectives,pool=default",
                        "vivarium:type=Latency,pool=default,program=echo",
                        "vivarium:type=Latency,pool=default,program=\"odd,name\"",
                        "vivarium:type=Breaker,pool=default,program=echo",
                        "vivarium:type=Breaker,pool=default,program=\"odd,name\"",
                        "vivarium:type=PoolConfig,pool=default");
    }

    @Test
    void all_beans_of_a_pool_read_one_picture_that_is_at_most_a_second_old() {
        operations.busy = 1;
        assertThat(pool.getBusy()).isEqualTo(1);
        operations.busy = 2;
        assertThat(pool.getBusy()).isEqualTo(1);
        assertThat(pool.getIdle()).isEqualTo(1);
        assertThat(calls.getWaiting()).isZero();
        assertThat(workers.getWorkers()).hasSize(1);
        ticker.advance(Duration.ofMillis(999));
        assertThat(pool.getBusy()).isEqualTo(1);
        assertThat(operations.looks).isEqualTo(1);

        ticker.advance(Duration.ofMillis(1));
        assertThat(pool.getBusy()).isEqualTo(2);
    }

    @Test
    void the_pool_shows_its_numbers_and_what_nobody_knows_as_nan_or_empty() {
        assertThat(pool.getName()).isEqualTo("default");
        assertThat(pool.getProblem()).isEmpty();
        assertThat(pool.getRecoveryMillisLast()).isNaN();
        assertThat(List.of(pool.getCalls(), pool.getErrors(), pool.getTimeouts(), pool.getStarted(), pool.getDied()))
                .containsExactly(10L, 2L, 1L, 3L, 1L);
    }

    @Test
    void sessions_are_counted_and_listed_and_forgotten() {
        SessionsMXBean sessions = JMX.newMXBeanProxy(server, name("type=Sessions,pool=default"), SessionsMXBean.class);

        assertThat(List.of(sessions.getSessions(), sessions.getBound(), sessions.getWaiting(), sessions.getLimit()))
                .containsExactly(7, 5, 1, 100_000);
        assertThat(List.of(
                        sessions.getHits(),
                        sessions.getMisses(),
                        sessions.getRebinds(),
                        sessions.getExpired(),
                        sessions.getStateBytes()))
                .containsExactly(99L, 1L, 2L, 3L, 12L);
        assertThat(sessions.getAffinityHitRate()).isEqualTo(0.99);
        assertThat(sessions.list()).singleElement().satisfies(row -> {
            assertThat(List.of(row.getSession(), row.getWorker(), row.getCreated(), row.getLastActivity()))
                    .containsExactly("s1", "", "2026-11-21T00:00:00Z", "2026-11-21T00:00:00Z");
            assertThat(List.of(row.getCalls(), (long) row.getStateBytes(), (long) row.getWaiting()))
                    .containsExactly(3L, 12L, 0L);
        });
        sessions.forget("s1");
        assertThat(operations.told).containsExactly("forget s1 by jmx");
    }

    @Test
    void a_breaker_is_shown_and_steered_and_registered_when_its_program_becomes_known() {
        BreakerMXBean breaker =
                JMX.newMXBeanProxy(server, name("type=Breaker,pool=default,program=echo"), BreakerMXBean.class);
        BreakerMXBean closed =
                JMX.newMXBeanProxy(server, name("type=Breaker,pool=default,program=\"odd,name\""), BreakerMXBean.class);

        assertThat(breaker.getState()).isEqualTo("OPEN");
        assertThat(breaker.getFailures()).isEqualTo(5);
        assertThat(breaker.getRejected()).isEqualTo(4);
        assertThat(breaker.getSinceMillis()).isPositive();
        assertThat(closed.getSinceMillis()).isNaN();
        breaker.open();
        breaker.close();
        assertThat(operations.told).containsExactly("open echo by jmx", "close echo by jmx");

        beans.report(HAPPENED, new ProgramsChanged("default", List.of("echo", "late")));
        beans.report(HAPPENED, new ProgramsChanged("default", List.of("echo", "late")));
        assertThat(server.isRegistered(name("type=Breaker,pool=default,program=late")))
                .isTrue();
    }

    @Test
    void the_mode_of_affinity_is_a_text_with_legal_values() throws Exception {
        ObjectName config = name("type=PoolConfig,pool=default");
        assertThat(server.getAttribute(config, "AffinityMode")).isEqualTo("prefer");

        server.setAttribute(config, new Attribute("AffinityMode", "strict-fail"));

        assertThat(store.current().shown(PoolParameter.AFFINITY_MODE)).isEqualTo("strict-fail");
        assertThatThrownBy(() -> server.setAttribute(config, new Attribute("AffinityMode", "sticky")))
                .hasRootCauseMessage(
                        "AffinityMode must be none, prefer, strict-queue or strict-fail, was the text \"sticky\"");
        assertThat(Arrays.stream(server.getMBeanInfo(config).getAttributes())
                        .filter(attribute -> attribute.getName().equals("AffinityMode")))
                .singleElement()
                .satisfies(attribute -> {
                    assertThat(attribute.getType()).isEqualTo("java.lang.String");
                    assertThat(attribute.getDescriptor().getFieldValue("legalValues"))
                            .isEqualTo(Set.of("none", "prefer", "strict-queue", "strict-fail"));
                });
    }

    @Test
    void decisions_about_failures_are_rows_of_open_types() throws Exception {
        Object rows = server.getAttribute(name("type=Pool,pool=default"), "RecentDecisions");

        assertThat(rows).isInstanceOf(CompositeData[].class);
        CompositeData row = ((CompositeData[]) rows)[0];
        assertThat(row.getAll(new String[] {"at", "worker", "failure", "decision", "delayMillis", "reason"}))
                .containsExactly(
                        "2026-11-21T00:00:00Z",
                        "default-1",
                        "PROCESS_EXITED",
                        "REPLACE_NOW",
                        0.0,
                        "worker default-1 died");
    }

    @Test
    void calls_in_progress_are_rows_of_open_types_and_can_be_cancelled() throws Exception {
        Object rows = server.invoke(name("type=Calls,pool=default"), "list", null, null);
        calls.cancel("c-1");

        assertThat(rows).isInstanceOf(CompositeData[].class);
        CompositeData row = ((CompositeData[]) rows)[0];
        assertThat(row.getAll(new String[] {
                    "call",
                    "program",
                    "worker",
                    "session",
                    "key",
                    "correlationId",
                    "runningMillis",
                    "remainingMillis",
                    "progress"
                }))
                .containsExactly("c-1", "sleep", "default-1", "", "k", "", 12.5, 100.0, Double.NaN);
        assertThat(operations.told).containsExactly("cancel c-1 of default by jmx");
    }

    @Test
    void operations_reach_the_pool_and_the_next_look_is_fresh() {
        assertThat(pool.getSize()).isEqualTo(2);
        pool.resize(3);
        pool.drain();
        pool.resume();
        pool.recycle("default-1");
        pool.rollingRestart();

        assertThat(operations.told)
                .containsExactly(
                        "resize default to 3 by jmx",
                        "drain",
                        "resume",
                        "recycle default-1",
                        "rolling restart of default by jmx");
        assertThat(pool.getSize()).isEqualTo(2);
        assertThat(operations.looks).isEqualTo(2);
        assertThat(pool.dumpStacks("default-1")).isEqualTo("stacks of default-1");
    }

    @Test
    void a_thread_without_a_context_class_loader_is_given_one_for_the_call_only() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(null);
        try {
            assertThat(pool.getReady()).isEqualTo(2); // the fake asserts that there is one
            assertThat(thread.getContextClassLoader()).isNull();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void only_exceptions_of_the_jdk_leave_with_the_sentence_alone() {
        assertThatThrownBy(() -> pool.recycle("nobody"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("pool default has no worker nobody")
                .hasNoCause();

        operations.failure = PythonException.of(new ErrorDetails(
                ErrorCategory.RESOURCE_ERROR,
                "PoolStopped",
                "pool default is stopped",
                null,
                null,
                ErrorContext.of("default", null),
                true));
        assertThatThrownBy(() -> pool.drain())
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("pool default is stopped")
                .hasNoCause();
    }

    @Test
    void everything_is_described_with_units_and_impacts() throws JMException {
        for (ObjectName name : server.queryNames(name("*"), null)) {
            MBeanInfo info = server.getMBeanInfo(name);
            assertThat(info.getDescription()).as(name.toString()).endsWith(".");
            assertThat(info.getAttributes())
                    .allSatisfy(attribute -> assertThat(attribute.getDescription())
                            .as(attribute.getName())
                            .endsWith("."));
            assertThat(info.getOperations()).allSatisfy(operation -> {
                assertThat(operation.getDescription()).as(operation.getName()).endsWith(".");
                assertThat(operation.getImpact()).as(operation.getName()).isNotEqualTo(MBeanOperationInfo.UNKNOWN);
                assertThat(operation.getSignature()).allSatisfy(argument -> {
                    assertThat(argument.getDescription()).endsWith(".");
                    assertThat(argument.getName()).doesNotMatch("(p|arg)\\d");
                });
            });
        }
        MBeanAttributeInfo wait = attribute("type=Pool,pool=default", "OldestWaitMillis");
        assertThat(wait.getDescription()).endsWith("0 if none waits. Unit: ms.");
        assertThat(wait.getDescriptor().getFieldValue("units")).isEqualTo("ms");
        assertThat(wait.getDescriptor().getFieldValue("openType"))
                .as("still an open type")
                .isNotNull();
    }

    @Test
    void the_workers_are_a_table_of_open_types() throws JMException {
        assertThat(workers.getStateSeconds()).containsExactly(Map.entry("READY", 12.5));
        assertThat(workers.getRecoveryCounts()).containsExactly(Map.entry("PROCESS_EXITED/REPLACE_NOW", 2L));
        assertThat(workers.getHealthChecks()).containsExactly(Map.entry("PASSED", 4L));
        assertThat(workers.getWorkers()).singleElement().satisfies(row -> {
            assertThat(row.getWorker()).isEqualTo("default-1");
            assertThat(row.getPid()).isEqualTo(42);
            assertThat(row.getState()).isEqualTo("READY");
            assertThat(row.getAgeSeconds()).isFinite();
        });
        assertThat(workers.history("default-1"))
                .containsExactly("2026-11-21T00:00:00Z INITIALIZING -> READY: HANDSHAKE (pid 42), after 12 ms");
        assertThat(server.getAttribute(name("type=Workers,pool=default"), "Workers"))
                .isInstanceOf(CompositeData[].class);

        assertThat(workers.collectGarbage("default-1")).isEqualTo(7);
        assertThat(operations.told).endsWith("collect garbage of default-1 by jmx");
    }

    @Test
    void levels_of_python_loggers_are_shown_set_and_taken_back() {
        PoolMXBean bean = JMX.newMXBeanProxy(server, name("type=Pool,pool=default"), PoolMXBean.class);

        assertThat(bean.loggerLevels()).containsExactly(Map.entry("crm.db", "DEBUG"));
        bean.setLoggerLevel("crm.db", "warn");
        assertThat(operations.told).endsWith("level of crm.db is WARN by jmx");
        bean.setLoggerLevel("crm.db", "");
        assertThat(operations.told).endsWith("level of crm.db is null by jmx");
        assertThatThrownBy(() -> bean.setLoggerLevel("crm.db", "LOUD"))
                .hasMessageContaining("level must be one of [TRACE, DEBUG, INFO, WARN, ERROR], was LOUD");
    }

    @Test
    void the_service_shows_what_it_knows_about_itself() {
        ServiceMXBean service = JMX.newMXBeanProxy(server, name("type=Service"), ServiceMXBean.class);

        assertThat(service.getVersion()).isEqualTo("0.1");
        assertThat(service.getPools()).containsExactly("default");
        assertThat(service.isUp()).isTrue();
        assertThat(service.getUptimeMillis()).isEqualTo(5);
        assertThat(service.getTelemetryDropped()).isZero();
        assertThat(service.getRunDirectory()).isEqualTo("/run/x");
        assertThat(service.getRunId()).isEqualTo("r1");
    }

    @Test
    void events_become_numbered_notifications_and_calls_do_not() throws JMException {
        List<Notification> heard = listen("type=Pool,pool=default");

        beans.report(
                HAPPENED,
                new WorkerTransitioned(
                        "default", "default-1", WorkerState.READY, WorkerState.DEGRADED, "HEALTH", 2_500_000));
        beans.report(HAPPENED, new CallEnded("default", "default-1", "echo", 1, 1, null, null));
        beans.report(HAPPENED, new WorkerEnded("default", "default-1", 42, false, "killed by signal 9"));
        beans.report(HAPPENED, new PoolResized("default", 2, 3, "ada"));
        beans.report(HAPPENED, new PoolResized("unknown", 2, 3, "ada"));
        beans.report(HAPPENED, new RolloutChanged("default", 2, "ROLLED_BACK", "ada", "it does not import"));

        assertThat(heard)
                .extracting(Notification::getType)
                .containsExactly(
                        "vivarium.worker.transition",
                        "vivarium.worker.terminate",
                        "vivarium.pool.resized",
                        "vivarium.pool.rollout");
        assertThat(heard).extracting(Notification::getTimeStamp).containsOnly(HAPPENED.toEpochMilli());
        assertThat(heard).extracting(Notification::getSequenceNumber).containsExactly(1L, 2L, 3L, 4L);
        assertThat(heard.get(0).getUserData())
                .isEqualTo(Map.of(
                        "worker",
                        "default-1",
                        "from",
                        "READY",
                        "to",
                        "DEGRADED",
                        "reason",
                        "HEALTH",
                        "millisInFrom",
                        2.5));
        assertThat(heard.get(1).getMessage()).isEqualTo("default-1 died: killed by signal 9");
        assertThat(heard)
                .allSatisfy(notification ->
                        assertThat(notification.getSource()).hasToString("vivarium:type=Pool,pool=default"));
        assertThat(types("type=Pool,pool=default"))
                .containsAll(heard.stream().map(Notification::getType).toList());
    }

    @Test
    void a_process_that_belongs_to_no_pool_is_notified_by_the_bean_of_all_processes() throws JMException {
        List<Notification> heard = listen("type=Resources");

        beans.report(
                HAPPENED,
                new ProcessNoticed(EventType.RESOURCE_ORPHAN, "", null, 42, 1, ProcessRole.ORPHAN, 4_096, null));
        beans.report(
                HAPPENED,
                new ProcessNoticed(
                        EventType.RESOURCE_ZOMBIE, "default", "default-1", 43, 1, ProcessRole.CHILD, 0, null));
        beans.report(HAPPENED, new PoolResized("default", 2, 3, "ada"));

        assertThat(heard)
                .extracting(Notification::getType)
                .containsExactly("vivarium.resource.orphan", "vivarium.resource.zombie");
        assertThat(heard).extracting(Notification::getSource).containsOnly(name("type=Resources"));
        assertThat(server.getMBeanInfo(name("type=Resources")).getNotifications())
                .flatExtracting(info -> List.of(info.getNotifTypes()))
                .containsExactly(
                        "vivarium.resource.zombie",
                        "vivarium.resource.orphan",
                        "vivarium.resource.stopped",
                        "vivarium.resource.growing");
    }

    @Test
    void a_notification_has_all_it_declares_and_what_is_not_known_is_empty_or_nan() throws JMException {
        List<Notification> heard = listen("type=Pool,pool=default");

        beans.report(
                HAPPENED,
                new ProcessNoticed(
                        EventType.RESOURCE_STOPPED, "default", null, 42, 1, ProcessRole.WORKER, 4_096, null));
        beans.report(HAPPENED, new BreakerChanged("default", "echo", "OPEN", 5, null));
        beans.report(HAPPENED, new RecoveryDecided("default", "default-1", "HUNG", "REPLACE", 2_500_000, "it hung"));

        assertThat(heard)
                .extracting(Notification::getUserData)
                .containsExactly(
                        Map.of(
                                "worker",
                                "",
                                "pid",
                                42L,
                                "parent",
                                1L,
                                "role",
                                "WORKER",
                                "rssBytes",
                                4_096L,
                                "growthBytesPerMinute",
                                Double.NaN),
                        Map.of("program", "echo", "state", "OPEN", "failures", 5, "by", ""),
                        Map.of(
                                "worker", "default-1",
                                "failure", "HUNG",
                                "decision", "REPLACE",
                                "delayMillis", 2.5,
                                "reason", "it hung"));
        assertThat(heard.get(0).getMessage())
                .isEqualTo("process 42: A process of ours is stopped by a signal, in two samples in a row.");
    }

    @Test
    void a_bean_left_behind_by_an_earlier_deployment_is_replaced() throws JMException {
        beans.close();
        StandardMBean stale = new StandardMBean((Runnable) () -> {}, Runnable.class);
        server.registerMBean(stale, name("type=Service"));

        try (CapturedLog log = new CapturedLog(MBeanRegistry.class);
                ManagementBeans again = newBeans()) {
            assertThat(again).isNotNull();
            assertThat(log.messages())
                    .containsExactly(
                            "WARN replacing the MBean vivarium:type=Service, which an earlier deployment left behind");
            assertThat(server.getAttribute(name("type=Service"), "Version")).isEqualTo("0.1");
        }
    }

    @Test
    void a_change_of_an_objectives_level_is_a_notification() throws JMException {
        List<Notification> heard = listen("type=Pool,pool=default");

        beans.report(
                HAPPENED,
                new ObjectiveLevelChanged(
                        "default",
                        "prep*",
                        "duration",
                        ObjectiveLevel.OK,
                        ObjectiveLevel.CRITICAL,
                        2_500,
                        2_000,
                        1.25));

        assertThat(heard).singleElement().satisfies(told -> {
            assertThat(told.getType()).isEqualTo("vivarium.objective.level_changed");
            assertThat(told.getMessage()).isEqualTo("duration of the objective prep* is CRITICAL");
            assertThat(told.getUserData())
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("from", "OK")
                    .containsEntry("used", 1.25);
        });
    }
}
