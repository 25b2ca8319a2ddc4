package org.vivarium.adapter.jmx.settings;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.Attribute;
import javax.management.AttributeChangeNotification;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.ImmutableDescriptor;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ReflectionException;
import org.jspecify.annotations.Nullable;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.adapter.jmx.mbean.SafeCalls;
import org.vivarium.api.Actor;
import org.vivarium.core.config.Allowed;
import org.vivarium.core.config.Parameter;
import org.vivarium.core.config.Settings;
import org.vivarium.core.config.SettingsStore;

/**
 * The parameters of one kind as writable attributes, derived from their descriptions.
 *
 * <p>A refused value is an {@link IllegalArgumentException} with one sentence: the MBean server wraps it, and proxies
 * and JConsole unwrap it again, so that a person sees that sentence. Several attributes set at once are judged
 * together, all or none. Every change, by JMX or REST, sends an {@link AttributeChangeNotification}. Thread safe.
 */
public final class ParameterMBean<P extends Parameter, S extends Settings<P, S>> extends NotificationBroadcasterSupport
        implements DynamicMBean {
    private final SettingsStore<P, S> store;
    private final String description;
    private final JmxCaller caller;
    private final AtomicLong sequence = new AtomicLong();

    /** Takes what the parameters are, in one sentence. */
    public ParameterMBean(SettingsStore<P, S> store, String description, JmxCaller caller) {
        super(new MBeanNotificationInfo(
                new String[] {AttributeChangeNotification.ATTRIBUTE_CHANGE},
                AttributeChangeNotification.class.getName(),
                "A parameter was changed, by JMX or REST; the message says by whom."));
        this.store = store;
        this.description = description;
        this.caller = caller;
        store.listen(this::changed);
    }

    @Override
    public Object getAttribute(String name) throws AttributeNotFoundException {
        return store.current().shown(parameter(name));
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        S now = store.current();
        AttributeList found = new AttributeList();
        List<String> wanted = List.of(names);
        for (P parameter : store.current().parameters()) {
            if (wanted.contains(parameter.attribute())) {
                found.add(new Attribute(parameter.attribute(), now.shown(parameter)));
            }
        }
        return found;
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        parameter(attribute.getName());
        setAttributes(new AttributeList(List.of(attribute)));
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        Map<String, Object> changes = new LinkedHashMap<>();
        attributes.asList().forEach(attribute -> changes.put(attribute.getName(), attribute.getValue()));
        SafeCalls.run(() -> store.change(changes, caller.actor()));
        return attributes;
    }

    @Override
    public @Nullable Object invoke(String operation, Object @Nullable [] arguments, String @Nullable [] signature)
            throws ReflectionException {
        List<String> given = Arrays.stream(arguments == null ? new Object[0] : arguments)
                .map(argument -> argument == null ? "" : argument.toString().strip())
                .toList();
        SettingsOperation found = SettingsOperation.find(operation, given.size());
        if (found == null) {
            throw new ReflectionException(
                    new NoSuchMethodException(operation + " with " + given.size() + " arguments"),
                    "there is no such operation");
        }
        return SafeCalls.get(() -> found.carryOut(store, given, caller.actor()));
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        MBeanAttributeInfo[] attributes = store.current().parameters().list().stream()
                .map(ParameterMBean::info)
                .toArray(MBeanAttributeInfo[]::new);
        return new MBeanInfo(
                ParameterMBean.class.getName(),
                description,
                attributes,
                null,
                SettingsOperation.infos(),
                getNotificationInfo());
    }

    private static MBeanAttributeInfo info(Parameter parameter) {
        Allowed allowed = parameter.allowed();
        String text = parameter.description() + ' ' + range(allowed) + "; default " + parameter.standard()
                + ". Takes effect " + parameter.effect() + '.';
        Map<String, Object> fields = new LinkedHashMap<>();
        if (allowed.isChoice()) {
            fields.put("legalValues", Set.copyOf(allowed.choices()));
        } else if (allowed.isNumber()) {
            fields.put("units", allowed.unit().symbol());
            fields.put("minValue", allowed.minimum());
            fields.put("maxValue", allowed.maximum());
        } else if (allowed.isText()) {
            fields.put("validExample", requireNonNull(allowed.text()).example());
        }
        fields.put("defaultValue", parameter.standard());
        fields.put("effect", parameter.effect().toString());
        fields.put("configurationPath", parameter.path());
        return new MBeanAttributeInfo(
                parameter.attribute(), type(parameter), text, true, true, false, new ImmutableDescriptor(fields));
    }

    private static String range(Allowed allowed) {
        if (allowed.isNumber()) {
            return "From " + allowed.minimum() + " to " + allowed.maximum() + ' '
                    + allowed.unit().symbol();
        }
        return allowed.isChoice() ? "One of " + allowed.alternatives() : capitalized(allowed.range());
    }

    private static String capitalized(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String type(Parameter parameter) {
        Allowed allowed = parameter.allowed();
        if (allowed.isSwitch()) {
            return "boolean";
        }
        return allowed.isNumber() ? "long" : String.class.getName();
    }

    private P parameter(String attribute) throws AttributeNotFoundException {
        try {
            return store.current().parameters().ofAttribute(attribute);
        } catch (IllegalArgumentException e) {
            throw (AttributeNotFoundException) new AttributeNotFoundException(e.getMessage()).initCause(e);
        }
    }

    private void changed(S before, S after, Actor actor) {
        for (P parameter : store.current().parameters()) {
            Object from = before.shown(parameter);
            Object to = after.shown(parameter);
            if (!from.equals(to)) {
                String message = parameter.attribute() + " was changed from " + from + " to " + to + " by "
                        + actor.name() + " through " + actor.origin();
                sendNotification(new AttributeChangeNotification(
                        this,
                        sequence.incrementAndGet(),
                        System.currentTimeMillis(),
                        message,
                        parameter.attribute(),
                        type(parameter),
                        from,
                        to));
            }
        }
    }
}
