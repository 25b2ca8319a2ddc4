package org.vivarium.adapter.jmx.mbean;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.Descriptor;
import javax.management.ImmutableDescriptor;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.management.AttributeOrder;
import org.vivarium.api.management.Description;
import org.vivarium.api.management.Example;
import org.vivarium.api.management.Impact;
import org.vivarium.api.management.Range;
import org.vivarium.api.management.Unit;

/** Puts what the annotations of a management interface say into the information that JMX clients show. */
public final class Described {
    static final String UNITS = "units";
    static final String MINIMUM = "minValue";
    static final String MAXIMUM = "maxValue";
    private static final String EXAMPLE = "validExample";

    private final Class<?> contract;

    public Described(Class<?> contract) {
        this.contract = contract;
    }

    /** Returns {@code plain} with descriptions, units, ranges, names of arguments and impacts. */
    public MBeanInfo describe(MBeanInfo plain) {
        return new MBeanInfo(
                plain.getClassName(),
                text(contract),
                Arrays.stream(plain.getAttributes()).map(this::attribute).toArray(MBeanAttributeInfo[]::new),
                plain.getConstructors(),
                Arrays.stream(plain.getOperations()).map(this::operation).toArray(MBeanOperationInfo[]::new),
                plain.getNotifications(),
                plain.getDescriptor());
    }

    /** Returns {@code plain} with other attributes, those that {@link AttributeOrder} names first. */
    public MBeanInfo with(MBeanInfo plain, List<MBeanAttributeInfo> attributes) {
        AttributeOrder order = contract.getAnnotation(AttributeOrder.class);
        List<String> first = order == null ? List.of() : List.of(order.value());
        return new MBeanInfo(
                plain.getClassName(),
                plain.getDescription(),
                attributes.stream()
                        .sorted(Comparator.comparingInt(each -> rank(first, each.getName())))
                        .toArray(MBeanAttributeInfo[]::new),
                plain.getConstructors(),
                plain.getOperations(),
                plain.getNotifications(),
                plain.getDescriptor());
    }

    private static int rank(List<String> first, String name) {
        int place = first.indexOf(name);
        return place < 0 ? first.size() : place; // the others stay in their order
    }

    private MBeanAttributeInfo attribute(MBeanAttributeInfo plain) {
        Method getter = method((plain.isIs() ? "is" : "get") + plain.getName());
        return new MBeanAttributeInfo(
                plain.getName(),
                plain.getType(),
                text(getter),
                plain.isReadable(),
                plain.isWritable(),
                plain.isIs(),
                union(plain.getDescriptor(), getter));
    }

    private MBeanOperationInfo operation(MBeanOperationInfo plain) {
        Method method = method(plain.getName());
        MBeanParameterInfo[] arguments = plain.getSignature();
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = argument(arguments[i], method.getParameters()[i]);
        }
        return new MBeanOperationInfo(
                plain.getName(), text(method), arguments, plain.getReturnType(), impact(method), plain.getDescriptor());
    }

    private static MBeanParameterInfo argument(MBeanParameterInfo plain, Parameter parameter) {
        return new MBeanParameterInfo(
                parameter.getName(), plain.getType(), text(parameter), union(plain.getDescriptor(), parameter));
    }

    private static int impact(Method method) {
        @Nullable Impact impact = method.getAnnotation(Impact.class);
        if (impact == null) {
            return MBeanOperationInfo.UNKNOWN;
        }
        return switch (impact.value()) {
            case INFO -> MBeanOperationInfo.INFO;
            case ACTION -> MBeanOperationInfo.ACTION;
            case ACTION_INFO -> MBeanOperationInfo.ACTION_INFO;
        };
    }

    /** Returns description, unit and range as one text, because that is all that JConsole shows. */
    private static String text(AnnotatedElement element) {
        Description description = element.getAnnotation(Description.class);
        StringBuilder text = new StringBuilder(description == null ? "" : description.value());
        Unit unit = element.getAnnotation(Unit.class);
        Range range = element.getAnnotation(Range.class);
        if (range != null) {
            text.append(" From ")
                    .append(range.minimum())
                    .append(" to ")
                    .append(range.maximum())
                    .append('.');
        }
        Example example = element.getAnnotation(Example.class);
        if (example != null) {
            text.append(" For example: ").append(example.value()).append('.');
        }
        if (unit != null) {
            text.append(" Unit: ").append(unit.value()).append('.');
        }
        return text.toString();
    }

    private static Descriptor union(Descriptor plain, AnnotatedElement element) {
        Map<String, Object> fields = new LinkedHashMap<>();
        Unit unit = element.getAnnotation(Unit.class);
        if (unit != null) {
            fields.put(UNITS, unit.value());
        }
        Range range = element.getAnnotation(Range.class);
        if (range != null) {
            fields.put(MINIMUM, range.minimum());
            fields.put(MAXIMUM, range.maximum());
        }
        Example example = element.getAnnotation(Example.class);
        if (example != null) {
            fields.put(EXAMPLE, example.value());
        }
        return ImmutableDescriptor.union(plain, new ImmutableDescriptor(fields));
    }

    private Method method(String name) {
        return Arrays.stream(contract.getMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(contract.getName() + " has no method " + name));
    }
}
