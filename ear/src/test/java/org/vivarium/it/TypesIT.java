package org.vivarium.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vivarium.it.consumer.ConsumerRoot;
import org.vivarium.it.consumer.TypesResource;
import org.vivarium.it.support.ConsumerApplication;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.Problem;

/**
 * The table of types in docs/CALLS.md, row by row: as records of another application, and by REST.
 *
 * <p>What needs packages beyond Python's standard library is tried by {@code test_type_table.py} alone.
 */
@OnServer
class TypesIT {
    private static final Path DOCUMENT = Path.of("..", "docs", "CALLS.md");
    private static final String ID = "0e984725-c51c-4bf4-9960-e1c80e27aba0";

    /** By the first column of the table: the program in {@code everyday_types.py}, and inputs that come back. */
    private static final Map<String, Row> ROWS = new LinkedHashMap<>();

    private static final List<String> OF_PACKAGES = List.of(
            "pydantic model",
            "class of attrs",
            "NumPy scalar",
            "NumPy array",
            "pandas `DataFrame`, `Series`",
            "Polars `DataFrame`, `Series`",
            "Arrow `Table`, `RecordBatch`",
            "Pillow `Image`");

    static {
        row("`None`", "none", "{'a':null}");
        row("`bool`", "bool", "{'a':true}");
        row("`int`", "int", "{'a':1180591620717411303424}");
        row("`float`", "float", "{'a':0.1}");
        row("`str`", "str", "{'a':'grün'}");
        row("`bytes`, `bytearray`, `memoryview`", "bytes", "{'a':'AQI='}");
        row("`datetime` without time zone", "naive", "{'a':'2026-11-29T18:30:00.123456'}");
        row("`datetime` with time zone", "aware", "{'a':'2026-11-29T18:30:00-03:30'}");
        row("`date`", "date", "{'a':'2026-11-29'}");
        row("`time`", "time", "{'a':'18:30:00','b':'12:00:00+01:00'}");
        row("`timedelta`", "timedelta", "{'a':'PT26H30M','b':'-PT1.5S'}");
        row("`Decimal`", "decimal", "{'a':12345678901234567890.12345678901234567890,'b':1E+400}");
        row("`UUID`", "uuid", "{'a':'" + ID + "'}");
        row("`Path`, `PurePath`", "path", "{'a':'/a b'}");
        row("`Enum`", "enum", "{'a':'red'}");
        row("`IPv4Address`, `IPv6Address`, networks, interfaces", "address", "{'a':'10.0.0.1','b':'fe80::/10'}");
        row("`list`, `tuple`", "list", "{'a':['2026-11-29'],'b':[1,'" + ID + "']}");
        row("`set`, `frozenset`", "set", "{'a':[1,2,3]}");
        row("`deque`", "deque", "{'a':['2026-11-29']}");
        row("`range`", "range", "{'a':[1,2,3]}");
        row("iterators, generators that a plain function returns", "iterator", "{'a':['2026-11-29']}");
        row("`dict` and other mappings", "dict", "{'a':{'b':'2026-11-29'}}");
        row(
                "mappings with keys `int`, `UUID`, `Enum`",
                "keys",
                "{'a':{'2020':'2026-11-29'},'b':{'" + ID + "':'2026-11-29'},'c':{'red':'2026-11-29'}}");
        row("dataclass", "dataclass", "{'a':{'number':7,'due':'2026-11-29','price':1.10}}");
        row("named tuple", "namedtuple", "{'a':{'x':1.5,'label':'p'}}");
        row("`TypedDict`", "typeddict", "{'a':{'until':'2026-11-29T18:30:00'}}");
    }

    private final DeployedVivarium vivarium = DeployedVivarium.current();

    @Deployment(testable = false)
    static WebArchive consumer() {
        Class<?>[] nested = TypesResource.class.getDeclaredClasses();
        Class<?>[] all = Arrays.copyOf(nested, nested.length + 2);
        all[nested.length] = ConsumerRoot.class;
        all[nested.length + 1] = TypesResource.class;
        return ConsumerApplication.war("types", all);
    }

    private record Row(String program, String json) {}

    private static void row(String first, String program, String json) {
        ROWS.put(first, new Row(program, json.replace('\'', '"')));
    }

    static Stream<Row> rows() {
        return ROWS.values().stream();
    }

    @Test
    void each_row_of_the_table_is_tried() throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENT, UTF_8);
        int header = lines.indexOf("| Python | as JSON | Java type to take it as | as an input, by type hint |");
        List<String> documented = lines.subList(header + 2, lines.size()).stream()
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|", -1)[1].strip())
                .toList();

        assertThat(Stream.concat(ROWS.keySet().stream(), OF_PACKAGES.stream()))
                .containsExactlyInAnyOrderElementsOf(documented);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void another_application_sends_its_own_types_and_gets_them_back(Row row) {
        var answer = vivarium.send(HttpRequest.newBuilder(ConsumerApplication.uri("types", "types/" + row.program())));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String[] lines = answer.body().split("\n", -1);
        assertThat(lines).hasSize(4);
        assertThat(lines[1]).as("sent as a record").isEqualTo(lines[0]);
        assertThat(lines[2]).as("sent as a map").isEqualTo(lines[0]);
        assertThat(lines[3]).as("each alone").isEqualTo(lines[0]);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void rest_takes_and_gives_the_same_json(Row row) {
        var answer = vivarium.call("back_" + row.program(), row.json());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(row.json());
    }

    @Test
    void what_an_encoder_makes_of_a_type_is_what_comes() {
        assertThat(vivarium.call("back_encoded", "{\"a\":1.10}").body())
                .isEqualTo("{\"a\":{\"amount\":1.10,\"currency\":\"EUR\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "back_date    | {\"a\":\"29.11.2026\"}                    | a           | date in ISO 8601",
                "back_aware   | {\"a\":\"2026-11-29T18:30:00.123456789Z\"} | a         | whole microseconds",
                "back_list    | {\"a\":[\"x\"]}                           | a           | expected list",
                "back_deque   | {\"a\":[\"2026-11-29\",1]}                | a[1]        | date in ISO 8601",
                "back_dataclass | {\"a\":{\"number\":1,\"due\":1}}        | a.due       | date in ISO 8601",
                "no_gaps      | {\"values\":[1,{\"b\":1e400}]}            | values[1].b | finite float, got float 1e400",
            })
    void an_input_of_another_type_is_refused_with_its_place(String program, String inputs, String field, String told) {
        Problem problem = Problem.of(vivarium.call(program, inputs), 422);

        assertThat(problem.type()).isEqualTo("InvalidInput");
        assertThat(problem.detail()).startsWith(field + ": ").contains(told);
    }

    @Test
    void nan_is_refused_with_its_place_or_null_where_the_program_says_so() {
        assertThat(vivarium.call("gaps", "{\"values\":[1.5,1e400]}").body()).isEqualTo("[1.5,null,null]");
        Problem problem = Problem.of(vivarium.call("no_gaps", "{\"values\":[1]}"), 500);
        assertThat(problem.type()).isEqualTo("UnserializableResult");
        assertThat(problem.detail()).contains("result.values[1] is nan", "@program(nan=\"null\")");
    }
}
