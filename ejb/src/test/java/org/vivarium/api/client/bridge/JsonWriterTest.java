package org.vivarium.api.client.bridge;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private final Jsonb jsonb = JsonbBuilder.create();

    @Test
    void jdk_values_are_written_by_hand() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("text", "a\"b\\c\n\t\u0001é€");
        map.put(
                "numbers",
                Arrays.asList(1, 2L, (short) 3, (byte) 4, 1.5, 2.5f, new BigDecimal("1E+3"), BigInteger.TEN));
        map.put("flag", true);
        map.put("nothing", null);
        map.put("empty", List.of(Map.of(), List.of()));

        assertThat(write(map))
                .isEqualTo(
                        "{\"text\":\"a\\\"b\\\\c\\n\\t\\u0001é€\",\"numbers\":[1,2,3,4,1.5,2.5,1E+3,10],\"flag\":true,\"nothing\":null,\"empty\":[{},[]]}");
    }

    @Test
    void half_a_surrogate_pair_survives_as_an_escape() {
        assertThat(write(Map.of("x", "\ud83d\ude00\ud800"))).isEqualTo("{\"x\":\"\\ud83d\\ude00\\ud800\"}");
    }

    @Test
    void other_classes_are_left_to_json_b_wherever_they_stand() {
        assertThat(write(Map.of("day", LocalDate.of(2026, 11, 21)))).isEqualTo("{\"day\":\"2026-11-21\"}");
        assertThat(write(Map.of("list", List.of(new Text("t", 1)))))
                .isEqualTo("{\"list\":[{\"text\":\"t\",\"words\":1}]}");
        assertThat(write(Map.of("array", new int[] {1, 2}))).isEqualTo("{\"array\":[1,2]}");
    }

    @Test
    void a_path_is_its_text_though_its_class_is_none_of_json_b() {
        assertThat(write(Map.of("paths", List.of(Path.of("/a b/c"))))).isEqualTo("{\"paths\":[\"/a b/c\"]}");
    }

    @Test
    void a_map_with_other_keys_is_left_to_json_b() {
        Map<Integer, String> map = Map.of(1, "one");

        assertThat(write(Map.of("inner", map))).isEqualTo("{\"inner\":" + jsonb.toJson(map) + "}");
    }

    @Test
    void a_value_that_contains_itself_is_refused_instead_of_overflowing() {
        List<Object> loop = new ArrayList<>();
        loop.add(loop);

        assertThatThrownBy(() -> write(Map.of("loop", loop)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contains itself");
        assertThatThrownBy(() -> write(Map.of("x", Float.NEGATIVE_INFINITY)))
                .hasMessage("-Infinity cannot be written as JSON");
    }

    @Test
    void json_b_reads_back_what_was_written() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            Map<String, Object> map = randomMap(random, 3);

            assertThat(jsonb.<Object>fromJson(write(map), Object.class))
                    .isEqualTo(jsonb.fromJson(jsonb.toJson(map), Object.class));
        }
    }

    private static Map<String, Object> randomMap(Random random, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            map.put(randomText(random), randomValue(random, depth));
        }
        return map;
    }

    private static Object randomValue(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> randomText(random);
            case 1 -> random.nextInt();
            case 2 -> random.nextBoolean();
            case 3 -> random.nextDouble();
            case 4 -> randomMap(random, depth - 1);
            default ->
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> randomValue(random, depth - 1))
                        .collect(toCollection(ArrayList::new));
        };
    }

    private static String randomText(Random random) {
        return random.ints(random.nextInt(8), 0, 0xd800)
                .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
                .toString();
    }

    private String write(Map<?, ?> map) {
        return new JsonWriter(new Encoding(jsonb)).write(map);
    }

    /** As applications write them. */
    public record Text(String text, int words) {}
}
