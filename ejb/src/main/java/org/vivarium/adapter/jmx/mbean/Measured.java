package org.vivarium.adapter.jmx.mbean;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.management.ImmutableDescriptor;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.metrics.exposition.Attribute;

/** Numbers of {@link Attribute}, read from one picture, as read-only attributes of an MBean. Thread safe. */
public final class Measured<T> {
    private final Map<String, Attribute<T>> attributes = new LinkedHashMap<>();
    private final Supplier<T> picture;

    public Measured(List<Attribute<T>> attributes, Supplier<T> picture) {
        attributes.forEach(attribute -> this.attributes.put(attribute.name(), attribute));
        this.picture = picture;
    }

    /** Returns the number of that name; {@code null} if there is none. */
    @Nullable Number read(String name) {
        Attribute<T> attribute = attributes.get(name);
        return attribute == null ? null : attribute.of(picture.get());
    }

    /** Returns {@code plain} with these attributes as well, apart from those that it has already. */
    MBeanInfo describe(MBeanInfo plain) {
        List<String> known = Arrays.stream(plain.getAttributes())
                .map(MBeanAttributeInfo::getName)
                .toList();
        Stream<MBeanAttributeInfo> more = attributes.values().stream()
                .filter(attribute -> !known.contains(attribute.name()))
                .map(Measured::describe);
        return new MBeanInfo(
                plain.getClassName(),
                plain.getDescription(),
                Stream.concat(Arrays.stream(plain.getAttributes()), more).toArray(MBeanAttributeInfo[]::new),
                plain.getConstructors(),
                plain.getOperations(),
                plain.getNotifications(),
                plain.getDescriptor());
    }

    private static MBeanAttributeInfo describe(Attribute<?> attribute) {
        return new MBeanAttributeInfo(
                attribute.name(),
                attribute.whole() ? "long" : "double",
                attribute.description() + " Unit: " + attribute.unit() + '.',
                true,
                false,
                false,
                new ImmutableDescriptor(Map.of("units", attribute.unit())));
    }
}
