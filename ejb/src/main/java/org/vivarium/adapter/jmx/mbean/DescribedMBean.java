package org.vivarium.adapter.jmx.mbean;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationEmitter;
import javax.management.ReflectionException;
import javax.management.StandardEmitterMBean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An MXBean whose information has descriptions, units and impacts, whose attributes are sorted by meaning, and whose
 * calls are safe on a JMX thread. Attributes that are read together come from one picture. Thread safe.
 */
public final class DescribedMBean extends StandardEmitterMBean {
    private static final Logger LOG = LoggerFactory.getLogger(DescribedMBean.class);

    private final Parts parts;
    private final Set<String> measured;
    private final @Nullable Together together;
    private final MBeanInfo info;

    /** Takes the bean, its contract, and what else it has. */
    public <T> DescribedMBean(T bean, Class<T> contract, Parts parts) {
        super(SafeCalls.around(bean, contract), contract, true, parts.notifications);
        this.parts = parts;
        Described described = new Described(contract);
        MBeanInfo plain = described.describe(super.getMBeanInfo());
        List<MBeanAttributeInfo> more =
                parts.measured.besides(names(List.of(plain.getAttributes()))).toList();
        List<MBeanAttributeInfo> all = new ArrayList<>();
        Arrays.stream(plain.getAttributes()).map(parts.measured::described).forEach(all::add);
        all.addAll(more);
        this.measured = Set.copyOf(names(more));
        this.together = parts.together ? new Together(all) : null;
        if (together != null) {
            all.add(together.info());
        }
        this.info = described.with(plain, all);
    }

    private static List<String> names(List<MBeanAttributeInfo> attributes) {
        return attributes.stream().map(MBeanAttributeInfo::getName).toList();
    }

    /** Takes a bean that is nothing but its contract. */
    public <T> DescribedMBean(T bean, Class<T> contract) {
        this(bean, contract, Parts.NONE);
    }

    /**
     * What a bean has besides its contract.
     *
     * @param notifications who sends its notifications
     * @param measured numbers that are attributes as well
     * @param picture where its attributes are read from; {@code null} if they do not belong together
     * @param together whether all its numbers are one attribute as well
     */
    public record Parts(
            NotificationEmitter notifications,
            Measured<?> measured,
            @Nullable Cached<?> picture,
            boolean together) {
        /** Nothing else. */
        public static final Parts NONE = new Parts(new NotificationBroadcasterSupport(), Measured.NOTHING, null, false);

        /** Returns the parts of a bean whose attributes are read from {@code picture}. */
        public static Parts of(Cached<?> picture) {
            return new Parts(NONE.notifications, NONE.measured, picture, false);
        }

        /** Returns the same with notifications. */
        public Parts notifying(NotificationEmitter emitter) {
            return new Parts(emitter, measured, picture, together);
        }

        /** Returns the same with numbers. */
        public Parts with(Measured<?> numbers) {
            return new Parts(notifications, numbers, picture, together);
        }

        /** Returns the same with all its numbers at one moment. */
        public Parts snapshot() {
            return new Parts(notifications, measured, picture, true);
        }
    }

    @Override
    @SuppressWarnings("ConstantValue") // the superclass asks while it is being constructed
    public MBeanInfo getMBeanInfo() {
        return info == null ? super.getMBeanInfo() : info;
    }

    @Override
    public @Nullable Object getAttribute(String name)
            throws AttributeNotFoundException, MBeanException, ReflectionException {
        if (measured.contains(name)) {
            return parts.measured.read(name);
        } else if (together != null && name.equals(Together.NAME)) {
            return together.of(getAttributes(together.names()));
        }
        return super.getAttribute(name);
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        Supplier<AttributeList> reading = () -> read(names);
        return parts.picture == null ? reading.get() : parts.picture.frozen(reading);
    }

    private AttributeList read(String[] names) {
        AttributeList found = new AttributeList();
        for (String name : names) {
            try {
                found.add(new Attribute(name, getAttribute(name)));
            } catch (JMException | RuntimeException e) { // what cannot be read is left out: so JMX wants it
                LOG.debug("cannot read the attribute {}", name, e);
            }
        }
        return found;
    }
}
