package org.vivarium.it.consumer;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.vivarium.api.CallOptions;
import org.vivarium.api.PoolName;
import org.vivarium.api.PythonPool;

/** Sends one record for each row of the table of types, and reads the result as the same record. */
@Path("/types")
@Produces(MediaType.TEXT_PLAIN)
@SuppressWarnings("ArrayRecordComponent")
public class TypesResource {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 29);
    private static final LocalDateTime EVENING = DAY.atTime(18, 30, 0, 123_456_000);
    private static final ZoneOffset OFFSET = ZoneOffset.ofHoursMinutes(-3, -30);
    private static final UUID ID = UUID.fromString("0e984725-c51c-4bf4-9960-e1c80e27aba0");

    private static final Map<String, Record> ROWS = Map.ofEntries(
            Map.entry("none", new None(null)),
            Map.entry("bool", new Bools(true, Boolean.FALSE)),
            Map.entry("int", new Ints(-1, Long.MAX_VALUE, BigInteger.TWO.pow(70))),
            Map.entry("float", new Floats(0.1, -1e300)),
            Map.entry("str", new Texts("grün \uD834\uDD1E", "")),
            Map.entry("bytes", new Bytes(new byte[] {0, -1}, StandardCharsets.UTF_8.encode("ab"))),
            Map.entry("naive", new Naive(EVENING, DAY.atStartOfDay())),
            Map.entry(
                    "aware",
                    new Aware(
                            EVENING.atOffset(OFFSET),
                            EVENING.atZone(OFFSET),
                            EVENING.atZone(ZoneId.of("Europe/Paris")),
                            EVENING.toInstant(ZoneOffset.UTC))),
            Map.entry("date", new Dates(DAY)),
            Map.entry("time", new Times(LocalTime.of(18, 30), OffsetTime.of(LocalTime.NOON, OFFSET))),
            Map.entry(
                    "timedelta",
                    new Durations(Duration.ofMinutes(1590), Duration.ofMillis(-1500), Duration.ofDays(-2))),
            Map.entry(
                    "decimal",
                    new Decimals(
                            new BigDecimal("12345678901234567890.12345678901234567890"),
                            new BigDecimal("-1.50"),
                            new BigDecimal("1E+3"))),
            Map.entry("uuid", new Ids(ID)),
            Map.entry("path", new Paths("/a b/c", java.nio.file.Path.of("/a b/c"))),
            Map.entry("enum", new Colors(Color.red, "blue")),
            Map.entry("address", new Addresses("10.0.0.1", "fe80::/10")),
            Map.entry("list", new Lists(List.of(DAY, DAY), new LocalDate[] {DAY}, List.of(1, ID.toString()))),
            Map.entry("set", new Sets(Set.of(3))),
            Map.entry("deque", new Deques(List.of(DAY))),
            Map.entry("range", new Ranges(List.of(1, 2, 3), new int[] {4, 5})),
            Map.entry("iterator", new Iterators(List.of(DAY, DAY))),
            Map.entry("dict", new Maps(Map.of("a", DAY), new Member(DAY))),
            Map.entry(
                    "keys",
                    new Keys(Map.of("2020", DAY), Map.of(ID.toString(), DAY), Map.of("red", DAY), Map.of(2020, DAY))),
            Map.entry("dataclass", new Orders(new Order(7, DAY, new BigDecimal("1.10")))),
            Map.entry("namedtuple", new Points(new Point(1.5, "p"))),
            Map.entry("typeddict", new Until(new Options(EVENING))));

    @Inject
    @PoolName("default")
    PythonPool pool;

    /** Of {@code enum}, whose values are these names. */
    public enum Color {
        red,
        blue
    }

    /** Of {@code None}. */
    public record None(String value) {}

    /** Of {@code bool}. */
    public record Bools(boolean one, Boolean other) {}

    /** Of {@code int}. */
    public record Ints(int small, long large, BigInteger huge) {}

    /** Of {@code float}. */
    public record Floats(double one, Double other) {}

    /** Of {@code str}. */
    public record Texts(String one, String other) {}

    /** Of {@code bytes}. */
    public record Bytes(byte[] array, ByteBuffer buffer) {}

    /** Of {@code datetime} without time zone. */
    public record Naive(LocalDateTime evening, LocalDateTime midnight) {}

    /** Of {@code datetime} with time zone. */
    public record Aware(OffsetDateTime offset, ZonedDateTime zoned, ZonedDateTime named, Instant instant) {}

    /** Of {@code date}. */
    public record Dates(LocalDate day) {}

    /** Of {@code time}. */
    public record Times(LocalTime local, OffsetTime offset) {}

    /** Of {@code timedelta}. */
    public record Durations(Duration positive, Duration negative, Duration days) {}

    /** Of {@code Decimal}. */
    public record Decimals(BigDecimal digits, BigDecimal negative, BigDecimal exponent) {}

    /** Of {@code UUID}. */
    public record Ids(UUID id) {}

    /** Of {@code Path}. */
    public record Paths(String text, java.nio.file.Path path) {}

    /** Of {@code Enum}. */
    public record Colors(Color color, String text) {}

    /** Of addresses. */
    public record Addresses(String address, String network) {}

    /** Of {@code list} and {@code tuple}. */
    public record Lists(List<LocalDate> list, LocalDate[] array, List<Object> tuple) {}

    /** Of {@code set}. */
    public record Sets(Set<Integer> set) {}

    /** Of {@code deque}. */
    public record Deques(List<LocalDate> list) {}

    /** Of {@code range}. */
    public record Ranges(List<Integer> list, int[] array) {}

    /** Of iterators. */
    public record Iterators(List<LocalDate> list) {}

    /** Of {@code dict}. */
    public record Maps(Map<String, LocalDate> map, Member member) {}

    /** Of a {@code dict} with the key {@code a}. */
    public record Member(LocalDate a) {}

    /** Of mappings with other keys. */
    public record Keys(
            Map<String, LocalDate> years,
            Map<String, LocalDate> ids,
            Map<String, LocalDate> colors,
            Map<Integer, LocalDate> numbers) {}

    /** Of a dataclass. */
    public record Orders(Order order) {}

    /** A dataclass. */
    public record Order(int number, LocalDate due, BigDecimal price) {}

    /** Of a named tuple. */
    public record Points(Point point) {}

    /** A named tuple. */
    public record Point(double x, String label) {}

    /** Of a TypedDict. */
    public record Until(Options options) {}

    /** A TypedDict. */
    public record Options(LocalDateTime until) {}

    /**
     * Returns what was sent to the program of {@code row}, and what came back for a record and for a map: three lines.
     */
    @GET
    @Path("{row}")
    public String row(@PathParam("row") String row) {
        Record sent = ROWS.get(row);
        if (sent == null) {
            return "there is no record for the row " + row;
        }
        Map<String, Object> asMap = new HashMap<>();
        for (RecordComponent component : sent.getClass().getRecordComponents()) {
            asMap.put(component.getName(), value(sent, component));
        }
        String alone = Arrays.stream(sent.getClass().getRecordComponents())
                .map(component -> component.getName() + "=" + shown(only(row, value(sent, component), component)))
                .collect(Collectors.joining(" "));
        return shown(sent) + '\n' + shown(call(row, sent, sent)) + '\n' + shown(call(row, asMap, sent)) + '\n' + alone;
    }

    private Object only(String row, Object value, RecordComponent as) {
        Map<String, Object> inputs = new HashMap<>();
        inputs.put("value", value);
        return pool.call("only_" + row, inputs, as.getGenericType(), CallOptions.DEFAULT);
    }

    private Record call(String row, Object inputs, Record like) {
        return pool.call("back_" + row, inputs, like.getClass());
    }

    private static String shown(Record record) {
        return Arrays.stream(record.getClass().getRecordComponents())
                .map(component -> component.getName() + "=" + shown(value(record, component)))
                .collect(Collectors.joining(" "));
    }

    private static Object value(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Shows what equals alone does not compare; a zone only by its offset, which is all that travels. */
    private static String shown(Object value) {
        if (value instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        }
        if (value instanceof int[] numbers) {
            return Arrays.toString(numbers);
        }
        if (value instanceof Object[] array) {
            return Arrays.toString(array);
        }
        if (value instanceof ByteBuffer buffer) {
            return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
        }
        return String.valueOf(value instanceof ZonedDateTime time ? time.toOffsetDateTime() : value);
    }
}
