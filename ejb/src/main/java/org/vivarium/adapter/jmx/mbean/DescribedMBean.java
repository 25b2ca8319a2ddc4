package org.vivarium.adapter.jmx.mbean;

import javax.management.MBeanInfo;
import javax.management.NotificationEmitter;
import javax.management.StandardEmitterMBean;

/** An MXBean whose information has descriptions, units and impacts, and whose calls are safe on a JMX thread. */
public final class DescribedMBean extends StandardEmitterMBean {
    private final MBeanInfo info;

    /** Takes the bean, its contract, and who sends its notifications. */
    public <T> DescribedMBean(T bean, Class<T> contract, NotificationEmitter notifications) {
        super(SafeCalls.around(bean, contract), contract, true, notifications);
        this.info = new Described(contract).describe(super.getMBeanInfo());
    }

    @Override
    @SuppressWarnings("ConstantValue") // the superclass asks while it is being constructed
    public MBeanInfo getMBeanInfo() {
        return info == null ? super.getMBeanInfo() : info;
    }
}
