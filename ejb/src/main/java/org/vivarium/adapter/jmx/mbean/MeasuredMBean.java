package org.vivarium.adapter.jmx.mbean;

import java.util.Arrays;
import java.util.List;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.NotificationEmitter;
import javax.management.ReflectionException;
import javax.management.StandardEmitterMBean;
import org.jspecify.annotations.Nullable;

/** A {@link DescribedMBean} with the attributes of a {@link Measured} besides those of its contract. */
public final class MeasuredMBean extends StandardEmitterMBean {
    private final Measured<?> measured;
    private final MBeanInfo info;

    /** Takes the bean, its contract, who sends its notifications, and the numbers. */
    public <T> MeasuredMBean(T bean, Class<T> contract, NotificationEmitter notifications, Measured<?> measured) {
        super(SafeCalls.around(bean, contract), contract, true, notifications);
        this.measured = measured;
        this.info = measured.describe(new Described(contract).describe(super.getMBeanInfo()));
    }

    @Override
    @SuppressWarnings("ConstantValue") // the superclass asks while it is being constructed
    public MBeanInfo getMBeanInfo() {
        return info == null ? super.getMBeanInfo() : info;
    }

    @Override
    public @Nullable Object getAttribute(String name)
            throws AttributeNotFoundException, MBeanException, ReflectionException {
        try {
            return super.getAttribute(name);
        } catch (AttributeNotFoundException e) {
            Number number = measured.read(name);
            if (number == null) {
                throw e;
            }
            return number;
        }
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        AttributeList all = super.getAttributes(names);
        List<String> found = all.asList().stream().map(Attribute::getName).toList();
        Arrays.stream(names).filter(name -> !found.contains(name)).forEach(name -> {
            Number number = measured.read(name);
            if (number != null) {
                all.add(new Attribute(name, number));
            }
        });
        return all;
    }
}
