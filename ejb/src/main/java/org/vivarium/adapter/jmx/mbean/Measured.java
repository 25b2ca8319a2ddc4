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

/**
 * Numbers of {@link Attribute}, read from one snapshot, as read-only attributes of an MBean; what its contract has of
 * them already is described by them too. Thread safe.
 */
public final class Measured<T> {
    private final Map<String, Attribute<T>> attributes = new LinkedHashMap<>();
    private final @Nullable Supplier<T> snapshot;

    /** Takes the numbers, and where they are read; {@code null} if there are none but those of the contract. */
    public Measured(List<Attribute<T>> attributes, @Nullable Supplier<T> snapshot) {
        attributes.forEach(attribute -> this.attributes.put(attribute.name(), attribute));
        this.snapshot = snapshot;
    }

    /** Returns the number of that name; {@code null} if there is none. */
    @Nullable Number read(String name) {
        Attribute<T> attribute = attributes.get(name);
        return attribute == null || snapshot == null ? null : attribute.of(snapshot.get());
    }

    /** Returns {@code plain} with these attributes as well; those that it has without a description get theirs. */
    MBeanInfo describe(MBeanInfo plain) {
        List<String> known = Arrays.stream(plain.getAttributes())
                .map(MBeanAttributeInfo::getName)
                .toList();
        Stream<MBeanAttributeInfo> more = attributes.values().stream()
                .filter(attribute -> snapshot != null && !known.contains(attribute.name()))
                .map(attribute -> describe(attribute, attribute.whole() ? "long" : "double"));
        return new MBeanInfo(
                plain.getClassName(),
                plain.getDescription(),
                Stream.concat(Arrays.stream(plain.getAttributes()).map(this::described), more)
                        .toArray(MBeanAttributeInfo[]::new),
                plain.getConstructors(),
                plain.getOperations(),
                plain.getNotifications(),
                plain.getDescriptor());
    }

    private MBeanAttributeInfo described(MBeanAttributeInfo plain) {
        Attribute<T> attribute = attributes.get(plain.getName());
        if (attribute == null || !plain.getDescription().isEmpty()) {
            return plain;
        }
        MBeanAttributeInfo described = describe(attribute, plain.getType());
        return new MBeanAttributeInfo(
                plain.getName(),
                plain.getType(),
                described.getDescription(),
                plain.isReadable(),
                plain.isWritable(),
                plain.isIs(),
                ImmutableDescriptor.union(plain.getDescriptor(), described.getDescriptor()));
    }

    private static MBeanAttributeInfo describe(Attribute<?> attribute, String type) {
        return new MBeanAttributeInfo(
                attribute.name(),
                type,
                attribute.description() + " Unit: " + attribute.unit() + '.',
                true,
                false,
                false,
                new ImmutableDescriptor(Map.of("units", attribute.unit())));
    }
}
