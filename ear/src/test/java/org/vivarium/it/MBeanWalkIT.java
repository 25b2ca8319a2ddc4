package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.RemoteJmx;

/**
 * All our beans of the running server, as a plain remote client finds them: whatever is asserted here is derived from
 * what the beans say of themselves, so that new attributes and operations are walked as well.
 */
@OnServer
class MBeanWalkIT {
    private static final Set<String> NUMBERS = Set.of("int", "long", "double");

    private final DefaultPool pool = new DefaultPool(DeployedVivarium.current());
    private final SoftAssertions softly = new SoftAssertions();
    private RemoteJmx jmx;
    private long seen; // records of the change log

    @BeforeEach
    void connect() throws Exception {
        jmx = RemoteJmx.withPassword();
    }

    @AfterEach
    void restore() throws Exception {
        jmx.close();
        pool.restore();
    }

    private Set<ObjectName> beans() throws Exception {
        Set<ObjectName> beans = new TreeSet<>(jmx.server().queryNames(new ObjectName("vivarium:*"), null));
        assertThat(beans)
                .extracting(bean -> bean.getKeyProperty("type"))
                .contains("Service", "Pool", "PoolConfig", "Workers", "Worker", "Calls", "Telemetry", "ChangeLog");
        return beans;
    }

    @Test
    void everything_is_described() throws Exception {
        for (ObjectName bean : beans()) {
            MBeanInfo info = jmx.server().getMBeanInfo(bean);
            softly.assertThat(info.getDescription()).as("%s", bean).endsWith(".");
            for (MBeanAttributeInfo attribute : info.getAttributes()) {
                describes(bean + " " + attribute.getName(), attribute, attribute.getType(), attribute.isWritable());
                if (attribute.isWritable()) {
                    softly.assertThat(other(attribute, jmx.server().getAttribute(bean, attribute.getName())))
                            .as("values that %s %s says are allowed", bean, attribute.getName())
                            .isNotEmpty();
                }
            }
            for (MBeanOperationInfo operation : info.getOperations()) {
                describes(bean + " " + operation.getName(), operation, "", false);
                softly.assertThat(operation.getImpact())
                        .as("impact of %s %s", bean, operation.getName())
                        .isIn(MBeanOperationInfo.INFO, MBeanOperationInfo.ACTION, MBeanOperationInfo.ACTION_INFO);
                for (MBeanParameterInfo parameter : operation.getSignature()) {
                    String place = bean + " " + operation.getName() + " " + parameter.getName();
                    describes(place, parameter, parameter.getType(), true);
                    softly.assertThat(parameter.getName()).as(place).doesNotMatch("(p|arg)\\d+");
                }
            }
            for (var notification : info.getNotifications()) {
                describes(bean + " notification", notification, "", false);
            }
        }
        softly.assertAll();
    }

    /** Every number has a unit, and one that can be set has a range. */
    private void describes(String place, MBeanFeatureInfo feature, String type, boolean writable) {
        softly.assertThat(feature.getDescription())
                .as(place)
                .isNotEqualToIgnoringCase(feature.getName())
                .contains(" ")
                .endsWith(".");
        if (NUMBERS.contains(type)) {
            softly.assertThat(text(feature, "units")).as("unit of %s", place).isNotEqualTo("null");
        }
        if (NUMBERS.contains(type) && writable) {
            for (String end : List.of("minValue", "maxValue")) {
                softly.assertThat(feature.getDescriptor().getFieldValue(end))
                        .as("%s of %s", end, place)
                        .isInstanceOf(Number.class);
            }
        }
    }

    private static String text(MBeanFeatureInfo feature, String field) {
        return String.valueOf(feature.getDescriptor().getFieldValue(field));
    }

    @Test
    void everything_can_be_read_alone_and_together() throws Exception {
        for (ObjectName bean : beans()) {
            String[] names = Arrays.stream(jmx.server().getMBeanInfo(bean).getAttributes())
                    .map(MBeanAttributeInfo::getName)
                    .toArray(String[]::new);
            AttributeList together = jmx.server().getAttributes(bean, names);
            softly.assertThat(together.asList())
                    .as("%s", bean)
                    .extracting(Attribute::getName)
                    .containsExactlyInAnyOrder(names);
            for (String name : names) {
                softly.assertThat(jmx.server().getAttribute(bean, name))
                        .as("%s %s", bean, name)
                        .isNotNull();
            }
        }
        softly.assertAll();
    }

    @Test
    void every_writable_attribute_takes_what_it_says_and_refuses_all_else_and_both_are_recorded() throws Exception {
        Map<ObjectName, List<MBeanAttributeInfo>> writable = writable();
        for (ObjectName bean : writable.keySet()) {
            for (MBeanAttributeInfo attribute : writable.get(bean)) {
                Object before = jmx.server().getAttribute(bean, attribute.getName());
                for (Object bad : bad(attribute)) {
                    refuses(bean, attribute.getName(), bad);
                }
                softly.assertThat(jmx.server().getAttribute(bean, attribute.getName()))
                        .as("%s %s after refused values", bean, attribute.getName())
                        .isEqualTo(before);
                changes(bean, attribute, before, writable.get(bean));
            }
        }
        softly.assertAll();
        assertThat(writable.values().stream().mapToInt(List::size).sum())
                .as("attributes that can be written")
                .isGreaterThan(50);
        pool.restore();
        pool.assertServes();
    }

    /** Of the pool that serves, and of the service; the beans of the other pools are made in the same way. */
    private Map<ObjectName, List<MBeanAttributeInfo>> writable() throws Exception {
        Map<ObjectName, List<MBeanAttributeInfo>> found = new TreeMap<>();
        for (ObjectName bean : beans()) {
            List<MBeanAttributeInfo> writable = Arrays.stream(
                            jmx.server().getMBeanInfo(bean).getAttributes())
                    .filter(MBeanAttributeInfo::isWritable)
                    .toList();
            String of = bean.getKeyProperty("pool");
            if (!writable.isEmpty() && (of == null || of.equals("default"))) {
                found.put(bean, writable);
            }
        }
        return found;
    }

    /** The first of the values that suit the others is enough: a minimum may not exceed its maximum. */
    private void changes(
            ObjectName bean, MBeanAttributeInfo attribute, Object before, List<MBeanAttributeInfo> together)
            throws Exception {
        String name = attribute.getName();
        String place = bean + " " + name;
        String[] names = together.stream().map(MBeanAttributeInfo::getName).toArray(String[]::new);
        AttributeList all = jmx.server().getAttributes(bean, names);
        seen = jmx.records();
        for (Object other : other(attribute, before)) {
            if (set(bean, name, other) == null) {
                softly.assertThat(jmx.server().getAttribute(bean, name))
                        .as(place)
                        .isEqualTo(other);
                recorded(place, name, other, "done");
                softly.assertThat(set(bean, name, before))
                        .as("%s back to %s", place, before)
                        .isNull();
                recorded(place, name, before, "done");
                putBack(bean, all);
                return;
            }
        }
        softly.fail("%s takes none of %s", place, other(attribute, before));
    }

    /** What an attribute has brought with it, as a profile does, need not go with it. */
    private void putBack(ObjectName bean, AttributeList all) throws Exception {
        AttributeList others = new AttributeList(all.asList().stream()
                .filter(each -> !each.getValue().equals(read(bean, each.getName())))
                .toList());
        jmx.server().setAttributes(bean, others);
        for (Attribute each : all.asList()) {
            softly.assertThat(read(bean, each.getName()))
                    .as("%s %s", bean, each.getName())
                    .isEqualTo(each.getValue());
        }
    }

    private Object read(ObjectName bean, String name) {
        try {
            return jmx.server().getAttribute(bean, name);
        } catch (JMException | IOException e) {
            throw new IllegalStateException("cannot read " + name + " of " + bean, e);
        }
    }

    private void refuses(ObjectName bean, String name, @Nullable Object bad) throws Exception {
        seen = jmx.records();
        Throwable thrown = set(bean, name, bad);
        String place = bean + " " + name + " = " + bad;
        softly.assertThat(thrown).as(place).isInstanceOf(RuntimeMBeanException.class);
        if (thrown instanceof RuntimeMBeanException refused) {
            sentence(place, refused, name, IllegalArgumentException.class);
            recorded(
                    place, name, bad, "refused: " + refused.getTargetException().getMessage());
        }
    }

    private void sentence(
            String place, RuntimeMBeanException refused, String about, Class<? extends RuntimeException> type) {
        softly.assertThat(refused.getTargetException()).as(place).isInstanceOf(type);
        softly.assertThat(refused.getTargetException().getMessage())
                .as(place)
                .contains(about)
                .doesNotContain("\n")
                .hasSizeGreaterThan(20);
    }

    /** One of the records since the last look tells it: a change may bring others with it. */
    private void recorded(String place, String name, @Nullable Object value, String outcome) throws Exception {
        long records = jmx.records();
        List<CompositeData> changes = records == seen ? List.of() : jmx.changes((int) (records - seen));
        seen = records;
        softly.assertThat(changes)
                .as("who did %s", place)
                .allSatisfy(change -> assertThat(change.get("who")).isEqualTo(jmx.who()));
        softly.assertThat(changes).as("what is recorded of %s", place).anySatisfy(change -> {
            assertThat((String) change.get("what")).contains(name);
            assertThat(plain((String) change.get("newValue"))).isEqualTo(plain(Objects.toString(value, "")));
            assertThat(change.get("outcome")).isEqualTo(outcome);
        });
    }

    /** The log writes 60000.0 as 60000. */
    private static String plain(String value) {
        return value.matches("-?[0-9.]+(E[0-9]+)?")
                ? new BigDecimal(value).stripTrailingZeros().toPlainString()
                : value;
    }

    private @Nullable Throwable set(ObjectName bean, String name, @Nullable Object value) {
        return thrown(() -> jmx.server().setAttribute(bean, new Attribute(name, value)));
    }

    /** Payara's connector hands on what is thrown in two wrappers of its own. */
    private static @Nullable Throwable thrown(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        return thrown instanceof UndeclaredThrowableException wrapped
                        && wrapped.getUndeclaredThrowable() instanceof InvocationTargetException inner
                ? inner.getTargetException()
                : thrown;
    }

    /** Returns values that the attribute says are allowed, and that it does not have. */
    private static List<Object> other(MBeanAttributeInfo attribute, Object now) {
        Stream<?> candidates = switch (attribute.getType()) {
            case "boolean" -> Stream.of(!(Boolean) now);
            case "long" -> Stream.of((Long) now + 1, (Long) now - 1).filter(value -> in(attribute, value));
            case "double" ->
                Stream.of(end(attribute, "minValue"), end(attribute, "maxValue"))
                        .map(end -> ((Double) now + end) / 2);
            default -> texts(attribute).stream();
        };
        return new ArrayList<>(candidates.filter(value -> !value.equals(now)).toList());
    }

    private static Collection<?> texts(MBeanAttributeInfo attribute) {
        Object legal = attribute.getDescriptor().getFieldValue("legalValues");
        Object example = example(attribute);
        return legal instanceof Set<?> values ? values : example == null ? List.of() : List.of(example);
    }

    private static boolean in(MBeanAttributeInfo attribute, double value) {
        return value >= end(attribute, "minValue") && value <= end(attribute, "maxValue");
    }

    private static double end(MBeanAttributeInfo attribute, String which) {
        return ((Number) attribute.getDescriptor().getFieldValue(which)).doubleValue();
    }

    private static List<@Nullable Object> bad(MBeanAttributeInfo attribute) {
        List<@Nullable Object> bad = new ArrayList<>();
        bad.add(null);
        bad.add(Double.NaN);
        bad.addAll(
                switch (attribute.getType()) {
                    case "long" ->
                        List.of(
                                (long) end(attribute, "minValue") - 1,
                                (long) end(attribute, "maxValue") + 1,
                                1.5,
                                true,
                                "many",
                                "");
                    case "double" ->
                        List.of(
                                end(attribute, "minValue") - 1,
                                end(attribute, "maxValue") + 1,
                                Double.POSITIVE_INFINITY,
                                true,
                                "many");
                    case "boolean" -> List.of("true", 1L);
                    default -> List.of("none of these", 5L, true);
                });
        return bad;
    }

    @Test
    void every_operation_refuses_arguments_that_make_no_sense_in_one_sentence() throws Exception {
        int walked = 0;
        for (ObjectName bean : beans()) {
            for (MBeanOperationInfo operation : jmx.server().getMBeanInfo(bean).getOperations()) {
                MBeanParameterInfo[] parameters = operation.getSignature();
                if (Arrays.stream(parameters).anyMatch(each -> example(each) == null)) {
                    Object[] arguments = Arrays.stream(parameters)
                            .map(MBeanWalkIT::senseless)
                            .toArray();
                    String[] signature = Arrays.stream(parameters)
                            .map(MBeanParameterInfo::getType)
                            .toArray(String[]::new);
                    Throwable thrown =
                            thrown(() -> jmx.server().invoke(bean, operation.getName(), arguments, signature));
                    String place = bean + " " + operation.getName() + Arrays.toString(arguments);
                    softly.assertThat(thrown).as(place).isInstanceOf(RuntimeMBeanException.class);
                    if (thrown instanceof RuntimeMBeanException refused) {
                        sentence(
                                place,
                                refused,
                                "",
                                isBroken(bean) ? RuntimeException.class : IllegalArgumentException.class);
                    }
                    walked++;
                }
            }
        }
        softly.assertAll();
        assertThat(walked).as("operations with arguments").isGreaterThan(10);
    }

    /** Who asks something of a pool that cannot start may be told that it cannot, and nothing else. */
    private boolean isBroken(ObjectName bean) throws Exception {
        String of = bean.getKeyProperty("pool");
        return of != null
                && jmx.server()
                        .getAttribute(new ObjectName("vivarium:type=Pool,pool=" + of), "State")
                        .equals("BROKEN");
    }

    private static @Nullable Object example(MBeanFeatureInfo feature) {
        return feature.getDescriptor().getFieldValue("validExample");
    }

    private static Object senseless(MBeanParameterInfo parameter) {
        Object minimum = parameter.getDescriptor().getFieldValue("minValue");
        Object example = example(parameter);
        if (example != null) {
            return example; // any text would do
        }
        return switch (parameter.getType()) {
            case "int" -> ((Number) minimum).intValue() - 1;
            case "long" -> ((Number) minimum).longValue() - 1;
            case "double" -> ((Number) minimum).doubleValue() - 1;
            case "boolean" -> false;
            default -> "no such thing";
        };
    }

    @Test
    void whoever_comes_by_another_way_is_recorded_by_that() throws Exception {
        assertRecorded(new RemoteJmx(
                null, DeployedVivarium.current().jmx(), RemoteJmx.localUser() + " by jmx from 127.0.0.1"));
        try (RemoteJmx local = RemoteJmx.withoutPassword()) {
            assertRecorded(local);
        }
        assertRecorded(jmx);
    }

    private void assertRecorded(RemoteJmx client) throws JMException, IOException {
        client.server().invoke(DefaultPool.name("Pool"), "drain", new Object[0], new String[0]);
        client.server().invoke(DefaultPool.name("Pool"), "resume", new Object[0], new String[0]);

        CompositeData change = client.changes(1).get(0);
        assertThat(change.get("who")).isEqualTo(client.who());
        assertThat((String) change.get("what")).startsWith("resume");
    }
}
