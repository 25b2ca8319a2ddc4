package org.vivarium.adapter.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeChangeNotification;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.Descriptor;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.StandardMBean;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.ObjectiveLevel;
import org.vivarium.api.PythonException;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.event.ObjectiveLevelChanged;
import org.vivarium.api.event.PoolResized;
import org.vivarium.api.event.ProgramsChanged;
import org.vivarium.api.event.RolloutChanged;
import org.vivarium.api.event.WorkerEnded;
import org.vivarium.api.event.WorkerTransitioned;
import org.vivarium.api.management.BreakerMXBean;
import org.vivarium.api.management.PoolMXBean;
import org.vivarium.api.management.ServiceMXBean;
import org.vivarium.api.management.SessionsMXBean;
import org.vivarium.api.management.TelemetryMXBean;
import org.vivarium.api.management.WorkersMXBean;
import org.vivarium.core.config.Objective;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.config.ObjectiveTarget;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.metrics.Metrics;
import org.vivarium.core.telemetry.Telemetry;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.ManualTicker;

class ManagementBeansTest {
    private static final Instant HAPPENED = Instant.ofEpochMilli(1_000_000);

    private final MBeanServer server = MBeanServerFactory.newMBeanServer(); // private: nothing leaks between tests
    private final FakeOperations operations = new FakeOperations();
    private final ManualTicker ticker = new ManualTicker();
    private final ParameterStore store = new ParameterStore("default", PoolSettings.DEFAULT);
    private final ObjectiveStore objectives =
            new ObjectiveStore("default", List.of(new Objective("prep*", Map.of(ObjectiveTarget.DURATION, 2_000.0))));
    private final ManagementBeans beans = newBeans();
    private final PoolMXBean pool = JMX.newMXBeanProxy(server, name("type=Pool,pool=default"), PoolMXBean.class);

    @AfterEach
    void close() {
        beans.close();
        assertThat(server.queryNames(name("*"), null)).isEmpty();
    }

    @Test
    void the_names_are_text_in_the_order_of_the_contract() {
        assertThat(server.queryNames(name("*"), null))
                .extracting(ObjectName::toString)
                .containsExactlyInAnyOrder(
                        "vivarium:type=Service",
                        "vivarium:type=Telemetry",
                        "vivarium:type=Resources",
                        "vivarium:type=Pool,pool=default",
                        "vivarium:type=Workers,pool=default",
                        "vivarium:type=Sessions,pool=default",
                        "vivarium:type=Objectives,pool=default",
                        "vivarium:type=Latency,pool=default,program=echo",
                        "vivarium:type=Latency,pool=default,program=\"odd,name\"",
                        "vivarium:type=Breaker,pool=default,program=echo",
                        "vivarium:type=Breaker,pool=default,program=\"odd,name\"",
                        "vivarium:type=PoolConfig,pool=default");
    }

    @Test
    void attributes_read_within_a_quarter_second_come_from_one_picture() {
        operations.busy = 1;
        assertThat(pool.getBusy()).isEqualTo(1);
        operations.busy = 2;
        assertThat(pool.getBusy()).isEqualTo(1);
        assertThat(pool.getIdle()).isEqualTo(1);
        assertThat(operations.looks).isEqualTo(1);

        ticker.advance(Duration.ofMillis(250));
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
        Object rows = server.invoke(name("type=Pool,pool=default"), "listCalls", null, null);
        pool.cancel("c-1");

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
        assertThat(wait.getDescription()).endsWith("0 if nobody waits. Unit: ms.");
        assertThat(wait.getDescriptor().getFieldValue("units")).isEqualTo("ms");
        assertThat(wait.getDescriptor().getFieldValue("openType"))
                .as("still an open type")
                .isNotNull();
    }

    @Test
    void the_workers_are_a_table_of_open_types() throws JMException {
        WorkersMXBean workers = JMX.newMXBeanProxy(server, name("type=Workers,pool=default"), WorkersMXBean.class);

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
    }

    @Test
    void the_filter_of_events_can_be_changed_and_what_stands_for_no_event_is_refused() {
        TelemetryMXBean telemetry = JMX.newMXBeanProxy(server, name("type=Telemetry"), TelemetryMXBean.class);

        telemetry.setEvents("call.*, pool");
        assertThat(telemetry.getEvents()).isEqualTo("call.*, pool");
        assertThat(telemetry.listEvents()).anyMatch(line -> line.startsWith("+ call.start: "));
        assertThat(telemetry.listEvents()).anyMatch(line -> line.startsWith("- worker.transition: "));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> telemetry.setEvents("call.begin"))
                .withMessageStartingWith("\"call.begin\" stands for no event");
        assertThat(telemetry.getEvents()).isEqualTo("call.*, pool");
        assertThat(telemetry.getRingCapacity()).isGreaterThan(10_000);
        assertThat(telemetry.getHandlers()).isEmpty();
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
    void a_changed_parameter_is_told_whoever_changed_it() throws JMException {
        List<Notification> heard = listen("type=PoolConfig,pool=default");

        store.change(Map.of("QueueLimit", 5), new Actor("ada", "rest"));
        server.setAttribute(name("type=PoolConfig,pool=default"), new Attribute("StopGraceMillis", 10L));

        assertThat(heard)
                .allSatisfy(notification -> assertThat(notification).isInstanceOf(AttributeChangeNotification.class));
        AttributeChangeNotification first = (AttributeChangeNotification) heard.get(0);
        assertThat(first.getMessage()).isEqualTo("QueueLimit was changed from 1000 to 5 by ada through rest");
        assertThat(List.of(
                        first.getAttributeName(), first.getAttributeType(), first.getOldValue(), first.getNewValue()))
                .containsExactly("QueueLimit", "long", 1_000L, 5L);
        assertThat(heard).extracting(Notification::getSequenceNumber).containsExactly(1L, 2L);
    }

    @Test
    void each_parameter_is_a_writable_attribute_with_unit_range_and_default() throws JMException {
        MBeanAttributeInfo[] attributes =
                server.getMBeanInfo(name("type=PoolConfig,pool=default")).getAttributes();
        assertThat(attributes)
                .extracting(MBeanAttributeInfo::getName)
                .containsExactly(Arrays.stream(PoolParameter.values())
                        .map(PoolParameter::attribute)
                        .toArray(String[]::new));
        assertThat(attributes)
                .allSatisfy(attribute -> assertThat(attribute.isWritable()).isTrue());

        MBeanAttributeInfo checkout = attribute("type=PoolConfig,pool=default", "CheckoutTimeoutMillis");
        Descriptor descriptor = checkout.getDescriptor();
        assertThat(checkout.getType()).isEqualTo("long");
        assertThat(checkout.getDescription())
                .isEqualTo(
                        "Longest wait of a call for a free worker. From 1 to 3600000 ms; default 30000. Takes effect for calls made from then on.");
        assertThat(descriptor.getFieldValue("units")).isEqualTo("ms");
        assertThat(descriptor.getFieldValue("minValue")).isEqualTo(1L);
        assertThat(descriptor.getFieldValue("maxValue")).isEqualTo(3_600_000L);
        assertThat(descriptor.getFieldValue("defaultValue")).isEqualTo(30_000L);
    }

    @Test
    void a_refused_value_comes_back_as_illegal_argument_with_one_sentence() {
        ObjectName config = name("type=PoolConfig,pool=default");
        assertThatThrownBy(() -> server.setAttribute(config, new Attribute("CheckoutTimeoutMillis", 0L)))
                .isInstanceOf(RuntimeMBeanException.class)
                .cause()
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("CheckoutTimeoutMillis must be a whole number from 1 to 3600000 ms, was 0");
        assertThatThrownBy(() -> server.setAttribute(config, new Attribute("CheckoutTimeoutMillis", "soon")))
                .isInstanceOf(RuntimeMBeanException.class)
                .cause()
                .hasMessage("CheckoutTimeoutMillis must be a whole number from 1 to 3600000 ms, was the text \"soon\"");
        assertThatThrownBy(() -> server.setAttribute(config, new Attribute("CheckoutTimeout", 1L)))
                .isInstanceOf(AttributeNotFoundException.class)
                .hasMessage("there is no parameter CheckoutTimeout; did you mean CheckoutTimeoutMillis?");
        assertThat(store.current()).isEqualTo(PoolSettings.DEFAULT);
    }

    @Test
    void attributes_set_together_are_judged_together() throws JMException {
        ObjectName config = name("type=PoolConfig,pool=default");
        AttributeList both =
                new AttributeList(List.of(new Attribute("MinimumWorkers", 10), new Attribute("MaximumWorkers", 12)));

        assertThat(server.setAttributes(config, both)).hasSize(2);
        assertThat(server.getAttributes(config, new String[] {"MinimumWorkers", "MaximumWorkers", "Nothing"})
                        .asList())
                .extracting(Attribute::getValue)
                .containsExactly(10L, 12L);
        assertThat(server.getAttribute(config, "MaximumWorkers")).isEqualTo(12L);
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
    void objectives_are_rows_and_numbers_and_their_targets_can_be_written() throws Exception {
        ObjectName bean = name("type=Objectives,pool=default");
        assertThat(server.getAttribute(bean, "WorstLevel")).isEqualTo(1);
        assertThat(server.getAttributes(bean, new String[] {"BudgetLeft", "BurnRate5m", "prep*.DurationMillis"})
                        .asList())
                .containsExactly(
                        new Attribute("BudgetLeft", 0.5),
                        new Attribute("BurnRate5m", 0.75),
                        new Attribute("prep*.DurationMillis", 2_000.0));
        CompositeData[] rows = (CompositeData[]) server.getAttribute(bean, "Objectives");
        assertThat(rows[0].getAll(new String[] {"objective", "indicator", "level", "value", "used"}))
                .containsExactly("prep*", "duration", "WARNING", 1_600.0, 0.8);

        server.setAttribute(bean, new Attribute("prep*.DurationMillis", 500.0));

        assertThat(server.getAttribute(bean, "prep*.DurationMillis")).isEqualTo(500.0);
        assertThat(attribute("type=Objectives,pool=default", "prep*.Quantile").isWritable())
                .isTrue();
        assertThatThrownBy(() -> server.setAttribute(bean, new Attribute("prep*.Quantile", 95.0)))
                .isInstanceOf(RuntimeMBeanException.class)
                .hasRootCauseMessage("prep*.Quantile must be a number from 0.5 to 0.999, was 95.0");
        assertThatThrownBy(() -> server.getAttribute(bean, "prep*.Availability"))
                .isInstanceOf(AttributeNotFoundException.class);
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

    @Test
    void the_memory_of_history_is_shown_and_its_bound_can_be_written() throws Exception {
        ObjectName bean = name("type=Telemetry");
        assertThat(server.getAttribute(bean, "MaximumBytes")).isEqualTo(64L << 20);
        assertThat(server.getAttribute(bean, "HistoryBytes")).isEqualTo(0L);
        assertThat(server.getAttribute(bean, "RecorderBytes")).isEqualTo(0L); // there is no pool with numbers here

        server.setAttribute(bean, new Attribute("MaximumBytes", 2L << 20));

        assertThat(server.getAttribute(bean, "MaximumBytes")).isEqualTo(2L << 20);
        assertThatThrownBy(() -> server.setAttribute(bean, new Attribute("MaximumBytes", 5L)))
                .hasRootCauseMessage("MaximumBytes must be from 1048576 to 68719476736 bytes, was 5");
        assertThat(attribute("type=Telemetry", "MaximumBytes").getDescriptor().getFieldValue("minValue"))
                .isEqualTo(1L << 20);
    }

    private ManagementBeans newBeans() {
        ServiceFacts facts = new ServiceFacts(
                "0.1",
                "r1",
                "/run/x",
                () -> 5L,
                new Telemetry(Thread::new),
                new Metrics(new Metrics.Surroundings(ticker, InstantSource.system(), () -> 0L, event -> {})));
        ManagementBeans made = new ManagementBeans(
                server,
                operations,
                new ManagementBeans.Stores(Map.of("default", store), Map.of("default", objectives)),
                facts,
                ticker);
        made.refresh();
        return made;
    }

    private List<Notification> listen(String keys) throws JMException {
        List<Notification> heard = new ArrayList<>();
        server.addNotificationListener(name(keys), (notification, handback) -> heard.add(notification), null, null);
        return heard;
    }

    private List<String> types(String keys) throws JMException {
        return Arrays.stream(server.getMBeanInfo(name(keys)).getNotifications())
                .flatMap(info -> Stream.of(info.getNotifTypes()))
                .toList();
    }

    private MBeanAttributeInfo attribute(String keys, String attribute) throws JMException {
        return Arrays.stream(server.getMBeanInfo(name(keys)).getAttributes())
                .filter(info -> info.getName().equals(attribute))
                .findFirst()
                .orElseThrow();
    }

    private static ObjectName name(String keys) {
        try {
            return new ObjectName("vivarium:" + keys);
        } catch (JMException e) {
            throw new IllegalArgumentException(keys, e);
        }
    }
}
