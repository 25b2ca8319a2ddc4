package org.vivarium.adapter.jmx.mbean;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.management.ImmutableDescriptor;
import javax.management.MBeanAttributeInfo;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.metrics.exposition.Attribute;

/**
 * Numbers of {@link Attribute}, read from one picture, as read-only attributes of an MBean; what its contract has of
 * them already is described by them too. Thread safe.
 */
public final class Measured<T> {
    /** No numbers. */
    public static final Measured<?> NOTHING = descriptions(List.of());

    private final Map<String, Attribute<T>> attributes = new LinkedHashMap<>();
    private final @Nullable Supplier<T> picture;

    /** Takes the numbers, and where they are read. */
    public Measured(List<Attribute<T>> attributes, Supplier<T> picture) {
        this(picture, attributes);
    }

    private Measured(@Nullable Supplier<T> picture, List<Attribute<T>> attributes) {
        attributes.forEach(attribute -> this.attributes.put(attribute.name(), attribute));
        this.picture = picture;
    }

    /** Returns what describes numbers that a contract has, and adds none. */
    public static <T> Measured<T> descriptions(List<Attribute<T>> attributes) {
        return new Measured<>(null, attributes);
    }

    /** Returns the number of that name, which there must be. */
    Number read(String name) {
        return requireNonNull(attributes.get(name), name)
                .of(requireNonNull(picture).get());
    }

    /** Returns those numbers that are not among {@code known} as attributes. */
    Stream<MBeanAttributeInfo> besides(List<String> known) {
        return attributes.values().stream()
                .filter(attribute -> picture != null && !known.contains(attribute.name()))
                .map(attribute -> describe(attribute, attribute.whole() ? "long" : "double"));
    }

    /** Returns {@code plain}, or if it has no description and is one of the numbers, with that of the number. */
    MBeanAttributeInfo described(MBeanAttributeInfo plain) {
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
