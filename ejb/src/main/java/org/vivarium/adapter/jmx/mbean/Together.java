package org.vivarium.adapter.jmx.mbean;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.MBeanAttributeInfo;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenMBeanAttributeInfoSupport;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;

/** The attribute {@value #NAME}: all numbers of a bean at one moment, as one composite value. Immutable. */
final class Together {
    static final String NAME = "Snapshot";

    private static final Map<String, OpenType<?>> NUMBERS =
            Map.of("int", SimpleType.INTEGER, "long", SimpleType.LONG, "double", SimpleType.DOUBLE);

    private final CompositeType type;

    /** Takes the attributes of the bean. */
    Together(List<MBeanAttributeInfo> attributes) {
        List<MBeanAttributeInfo> numbers = attributes.stream()
                .filter(each -> NUMBERS.containsKey(each.getType()))
                .toList();
        String[] names = numbers.stream().map(MBeanAttributeInfo::getName).toArray(String[]::new);
        String[] descriptions =
                numbers.stream().map(MBeanAttributeInfo::getDescription).toArray(String[]::new);
        OpenType<?>[] types =
                numbers.stream().map(each -> NUMBERS.get(each.getType())).toArray(OpenType<?>[]::new);
        try {
            this.type =
                    new CompositeType("Numbers", "All numbers of the bean at one moment.", names, descriptions, types);
        } catch (OpenDataException e) {
            throw new IllegalStateException("cannot put together " + Arrays.toString(names), e);
        }
    }

    MBeanAttributeInfo info() {
        return new OpenMBeanAttributeInfoSupport(
                NAME,
                "All numbers of this bean, taken at one moment, by the names of their attributes.",
                type,
                true,
                false,
                false);
    }

    String[] names() {
        return type.keySet().toArray(String[]::new);
    }

    CompositeData of(AttributeList values) {
        String[] names = values.asList().stream().map(Attribute::getName).toArray(String[]::new);
        Object[] numbers = values.asList().stream().map(Attribute::getValue).toArray();
        try {
            return new CompositeDataSupport(type, names, numbers);
        } catch (OpenDataException e) {
            throw new IllegalStateException("not all of " + type.keySet() + " can be read now", e);
        }
    }
}
