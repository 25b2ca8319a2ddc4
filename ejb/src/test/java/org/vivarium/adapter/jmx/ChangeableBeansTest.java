package org.vivarium.adapter.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.management.Attribute;
import javax.management.AttributeChangeNotification;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.Descriptor;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.event.EventFilter;
import org.vivarium.api.management.TelemetryMXBean;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.ServiceParameter;

/** What operators change through beans: parameters of the service and of pools, targets of objectives. */
class ChangeableBeansTest extends RegisteredBeans {

    @Test
    void the_parameters_of_the_service_are_attributes_likewise_texts_included() throws JMException {
        ObjectName config = name("type=ServiceConfig");
        assertThat(server.getMBeanInfo(config).getAttributes())
                .extracting(MBeanAttributeInfo::getName)
                .containsExactly(Arrays.stream(ServiceParameter.values())
                        .map(ServiceParameter::attribute)
                        .toArray(String[]::new));
        MBeanAttributeInfo events = attribute("type=ServiceConfig", "Events");
        assertThat(events.getType()).isEqualTo(String.class.getName());
        assertThat(events.getDescription()).contains(" A list of patterns of events; default *, -call.start");
        assertThat(events.getDescriptor().getFieldNames()).doesNotContain("minValue", "units", "legalValues");
        assertThat(attribute("type=ServiceConfig", "LoginSessions")
                        .getDescriptor()
                        .getFieldValue("maxValue"))
                .isEqualTo(1_000_000L);

        List<Notification> heard = listen("type=ServiceConfig");
        server.setAttribute(config, new Attribute("Events", "call.*,pool"));

        assertThat(server.getAttribute(config, "Events")).isEqualTo("call.*, pool");
        assertThat(service.current().events()).hasToString("call.*, pool");
        assertThat(heard)
                .extracting(Notification::getMessage)
                .containsExactly("Events was changed from %s to call.*, pool by unknown through jmx"
                        .formatted(EventFilter.DEFAULT));
        assertThatThrownBy(() -> server.setAttribute(config, new Attribute("Events", "call.begin")))
                .isInstanceOf(RuntimeMBeanException.class)
                .cause()
                .hasMessageStartingWith("Events must be a list of patterns of events: \"call.begin\" matches no event");
    }

    @Test
    void what_telemetry_hears_is_shown_beside_what_it_has_handled() {
        TelemetryMXBean telemetry = JMX.newMXBeanProxy(server, name("type=Telemetry"), TelemetryMXBean.class);

        assertThat(telemetry.listEvents()).anyMatch(line -> line.startsWith("- call.start: "));
        assertThat(telemetry.listEvents()).anyMatch(line -> line.startsWith("+ worker.transition: "));
        assertThat(telemetry.getRingCapacity()).isGreaterThan(10_000);
        assertThat(telemetry.getHandlers()).isEmpty();
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
                        "Longest wait of a call for a free worker. From 1 to 3600000 ms; default 30000. Takes effect for new calls.");
        assertThat(descriptor.getFieldValue("units")).isEqualTo("ms");
        assertThat(descriptor.getFieldValue("minValue")).isEqualTo(1L);
        assertThat(descriptor.getFieldValue("maxValue")).isEqualTo(3_600_000L);
        assertThat(descriptor.getFieldValue("defaultValue")).isEqualTo(30_000L);
    }

    @Test
    void a_switch_is_an_attribute_of_type_boolean_and_a_choice_one_of_type_string() throws JMException {
        ObjectName config = name("type=PoolConfig,pool=default");
        MBeanAttributeInfo lazy = attribute("type=PoolConfig,pool=default", "Lazy");
        MBeanAttributeInfo level = attribute("type=PoolConfig,pool=default", "PythonLogLevel");

        assertThat(lazy.getType()).isEqualTo("boolean");
        assertThat(lazy.getDescription()).contains(" True or false; default false. ");
        assertThat(lazy.getDescriptor().getFieldNames()).doesNotContain("minValue", "units");
        assertThat(level.getType()).isEqualTo(String.class.getName());
        List<Notification> heard = listen("type=PoolConfig,pool=default");
        server.setAttribute(config, new Attribute("Lazy", true));
        assertThat(server.getAttribute(config, "Lazy")).isEqualTo(true);
        assertThat(((AttributeChangeNotification) heard.get(0)).getAttributeType())
                .isEqualTo("boolean");
        assertThatThrownBy(() -> server.setAttribute(config, new Attribute("Lazy", 0L)))
                .hasRootCauseMessage("Lazy must be true or false, was 0");
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
    void the_memory_of_history_is_shown() throws Exception {
        ObjectName bean = name("type=Telemetry");
        assertThat(server.getAttribute(bean, "MaximumBytes")).isEqualTo(64L << 20);
        assertThat(server.getAttribute(bean, "HistoryBytes")).isEqualTo(0L);
        assertThat(server.getAttribute(bean, "RecorderBytes")).isEqualTo(0L); // there is no pool with numbers here
        assertThat(attribute("type=Telemetry", "MaximumBytes").isWritable()).isFalse();
    }
}
