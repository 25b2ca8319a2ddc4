package org.vivarium.adapter.jmx.pool;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.ImmutableDescriptor;
import javax.management.InvalidAttributeValueException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ReflectionException;
import javax.management.StandardEmitterMBean;
import org.jspecify.annotations.Nullable;
import org.vivarium.adapter.jmx.mbean.Described;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.adapter.jmx.mbean.SafeCalls;
import org.vivarium.api.management.ObjectivesMXBean;
import org.vivarium.core.config.Objective;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.config.ObjectiveTarget;

/**
 * An {@link ObjectivesBean} with each target as a writable attribute besides.
 *
 * <p>A refused value is an {@link IllegalArgumentException} with one sentence. Several targets set at once are judged
 * together, all or none. Thread safe.
 */
public final class ObjectivesMBean extends StandardEmitterMBean {
    private final ObjectiveStore store;
    private final JmxCaller caller;
    private final MBeanInfo info;

    public ObjectivesMBean(ObjectivesBean bean, ObjectiveStore store, JmxCaller caller) {
        super(
                SafeCalls.around(bean, ObjectivesMXBean.class),
                ObjectivesMXBean.class,
                true,
                new NotificationBroadcasterSupport());
        this.store = store;
        this.caller = caller;
        Described described = new Described(ObjectivesMXBean.class);
        this.info = withTargets(described, described.describe(super.getMBeanInfo()));
    }

    private MBeanInfo withTargets(Described described, MBeanInfo plain) {
        Stream<MBeanAttributeInfo> targets = store.current().stream()
                .flatMap(objective -> Arrays.stream(ObjectiveTarget.values())
                        .filter(objective::has)
                        .map(target -> info(objective, target)));
        return described.with(
                plain,
                Stream.concat(Arrays.stream(plain.getAttributes()), targets).toList());
    }

    private static MBeanAttributeInfo info(Objective objective, ObjectiveTarget target) {
        ObjectiveTarget.Bounds bounds = target.bounds();
        String text = String.format(
                Locale.ROOT,
                "%s From %s to %s. Unit: %s.",
                target.description(),
                bounds.minimum(),
                bounds.maximum(),
                target.unit());
        return new MBeanAttributeInfo(
                objective.attribute(target),
                "double",
                text,
                true,
                true,
                false,
                new ImmutableDescriptor(
                        Map.of("units", target.unit(), "minValue", bounds.minimum(), "maxValue", bounds.maximum())));
    }

    @Override
    @SuppressWarnings("ConstantValue") // the superclass asks while it is being constructed
    public MBeanInfo getMBeanInfo() {
        return info == null ? super.getMBeanInfo() : info;
    }

    @Override
    public @Nullable Object getAttribute(String name)
            throws AttributeNotFoundException, MBeanException, ReflectionException {
        Double target = store.value(name);
        return target == null ? super.getAttribute(name) : target;
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        AttributeList all = super.getAttributes(names);
        Map<String, Double> targets = store.targets();
        Arrays.stream(names)
                .filter(targets::containsKey)
                .forEach(name -> all.add(new Attribute(name, targets.get(name))));
        return all;
    }

    @Override
    public void setAttribute(Attribute attribute)
            throws AttributeNotFoundException, InvalidAttributeValueException, MBeanException, ReflectionException {
        if (store.value(attribute.getName()) == null) {
            super.setAttribute(attribute);
        } else {
            setAttributes(new AttributeList(List.of(attribute)));
        }
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        Map<String, Object> changes = new LinkedHashMap<>();
        attributes.asList().forEach(attribute -> changes.put(attribute.getName(), attribute.getValue()));
        SafeCalls.run(() -> store.change(changes, caller.actor()));
        return attributes;
    }
}
