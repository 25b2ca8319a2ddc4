package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.it.support.DefaultPool.eventually;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.Problem;
import org.vivarium.it.support.PrometheusParser;
import org.vivarium.it.support.Promtool;

/** The same numbers through every door. */
@OnServer
class NumbersIT {
    private static final String ONE_CALL = "{\"i\":1}";

    private final DeployedVivarium vivarium = DeployedVivarium.current();
    private final DefaultPool pool = new DefaultPool(vivarium);

    @BeforeEach
    @AfterEach
    void restore() throws JMException, IOException {
        pool.restore();
    }

    @Test
    void the_official_parser_of_prometheus_reads_what_the_service_tells_and_would_not_read_anything() throws Exception {
        pool.assertServes();
        String text = vivarium.get("api/metrics").body();

        PrometheusParser.Verdict right = PrometheusParser.read(text);
        assertThat(right.errors()).isEmpty();
        assertThat(right.status()).isZero();
        assertThat(right.families())
                .hasSizeGreaterThan(40)
                .anyMatch(line -> line.matches("vivarium_pool_calls counter \\d+"))
                .anyMatch(line -> line.matches("vivarium_pool_total_seconds histogram \\d+"))
                .anyMatch(line -> line.startsWith("vivarium_objective_burn_rate_ratio gauge "));

        String broken = text.replaceFirst("pool=\"default\"", "pool=\"default");
        assertThat(PrometheusParser.read(broken).status()).isNotZero();
        assertThat(PrometheusParser.read(text + text).errors()).contains("is told twice");
    }

    @Test
    void the_official_parser_of_open_metrics_reads_the_same_families_if_a_client_prefers_them() throws Exception {
        pool.assertServes();

        HttpResponse<String> answer =
                metrics("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");

        String type = answer.headers().firstValue("Content-Type").orElseThrow();
        assertThat(type.split("; *", -1)) // servers order parameters as they like
                .containsExactlyInAnyOrder("application/openmetrics-text", "version=1.0.0", "charset=utf-8");
        PrometheusParser.Verdict read = PrometheusParser.readOpenMetrics(answer.body());
        assertThat(read.errors()).isEmpty();
        assertThat(read.families()).map(NumbersIT::name).hasSizeGreaterThan(40).contains("vivarium_pool_calls");
        assertThat(read.families())
                .map(NumbersIT::name)
                .containsExactlyInAnyOrderElementsOf(
                        PrometheusParser.read(metrics("*/*").body()).families().stream()
                                .map(NumbersIT::name)
                                .map(name -> name.replaceFirst("_info$", "")) // a type that the older format lacks
                                .toList());
    }

    private static String name(String family) {
        return family.split(" ", -1)[0];
    }

    private HttpResponse<String> metrics(String accept) {
        return vivarium.send(vivarium.request("api/metrics").header("Accept", accept));
    }

    @Test
    void another_format_of_metrics_is_refused_with_the_names_of_those_there_are() {
        assertThat(Problem.of(metrics("application/json"), 406).detail())
                .contains("text/plain; version=0.0.4", "application/openmetrics-text; version=1.0.0");
    }

    @Test
    void metrics_keep_to_the_rules_of_prometheus() throws Exception {
        Promtool.require();
        pool.assertServes();

        assertThat(Promtool.complaints(metrics("text/plain").body())).isEmpty();
        assertThat(Promtool.complaints("# TYPE calls counter\ncalls 1\n")).contains("_total");
    }

    @Test
    void a_pool_has_exactly_one_state_whether_it_serves_is_drained_or_cannot_start() throws Exception {
        pool.assertServes();
        assertThat(vivarium.post("api/pools/default/drain", "{}").statusCode()).isEqualTo(202);
        try {
            assertThat(metrics("text/plain").body().lines())
                    .filteredOn(line -> line.startsWith("vivarium_pool_state{") && line.endsWith(" 1.0"))
                    .contains("vivarium_pool_state{pool=\"default\",state=\"DRAINED\"} 1.0")
                    .anyMatch(line -> line.contains("state=\"BROKEN\""))
                    .doesNotHaveDuplicates();
        } finally {
            assertThat(vivarium.post("api/pools/default/resume", "{}").statusCode())
                    .isEqualTo(202);
        }
    }

    @Test
    void a_client_that_plots_sees_numbers_while_there_is_load() throws Exception {
        List<Double> plotted = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            List<CompletableFuture<HttpResponse<String>>> load = IntStream.range(0, 20)
                    .mapToObj(i -> vivarium.begin("sleep", "{\"seconds\":0.01}"))
                    .toList();
            plotted.add((Double) vivarium.jmx().getAttribute(DefaultPool.name("Pool"), "TotalP99Millis1m"));
            load.forEach(call -> assertThat(call.join().statusCode()).isEqualTo(200));
            if (round == 0) { // the picture of each second has to be taken with calls in it
                eventually(() -> assertThat(
                                (Double) vivarium.jmx().getAttribute(DefaultPool.name("Pool"), "TotalP99Millis1m"))
                        .isFinite());
            }
        }
        plotted.add((Double) vivarium.jmx().getAttribute(DefaultPool.name("Pool"), "TotalP99Millis1m"));

        assertThat(plotted.subList(1, plotted.size()))
                .hasSize(5)
                .allSatisfy(number -> assertThat(number).isFinite().isBetween(0.001, 60_000.0));
        assertThat((Double) vivarium.jmx().getAttribute(DefaultPool.name("Pool"), "ThroughputPerSecond1m"))
                .isPositive();
    }

    @Test
    void rest_and_jmx_tell_the_same_of_a_pool_that_is_quiet() throws Exception {
        pool.assertServes();
        eventually(() -> {
            JsonObject rest =
                    Answer.json(vivarium.get("api/pools/default/summary")).asJsonObject();
            JsonObject jmx = invoke("summary");
            for (String part : List.of("programs", "objectives", "pool")) {
                assertThat(jmx.get(part)).as(part).isEqualTo(rest.get(part));
            }
            assertThat(samples(jmx)).isEqualTo(samples(rest)).isPositive();
        });

        String query = "?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&step=PT1M";
        JsonValue rest = Answer.json(vivarium.get("api/pools/default/metrics/range" + query));
        assertThat(invoke("metricsRange", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "PT1M"))
                .isEqualTo(rest);

        eventually(() -> {
            JsonNumber ofRest = Answer.json(vivarium.get("api/pools/default/metrics?window=15m"))
                    .asJsonObject()
                    .getJsonObject("window")
                    .getJsonObject("calls")
                    .getJsonObject("total")
                    .getJsonNumber("p99Millis");
            TabularData ofJmx = (TabularData)
                    vivarium.jmx().invoke(DefaultPool.name("Pool"), "metrics", new Object[] {"15m"}, new String[] {
                        String.class.getName()
                    });
            assertThat(ofJmx.get(new Object[] {"TotalP99Millis"}).get("value")).isEqualTo(ofRest.doubleValue());
        });
    }

    private static long samples(JsonObject summary) {
        return summary.getJsonArray("windows")
                .getJsonObject(2)
                .getJsonObject("calls")
                .getJsonNumber("samples")
                .longValue();
    }

    private JsonObject invoke(String operation, String... arguments) throws Exception {
        String[] signature =
                Stream.of(arguments).map(each -> String.class.getName()).toArray(String[]::new);
        String text = (String) vivarium.jmx().invoke(DefaultPool.name("Pool"), operation, arguments, signature);
        return Json.createReader(new StringReader(text)).readObject();
    }

    @Test
    void objectives_are_judged_and_their_targets_written_while_the_service_runs() throws Exception {
        var name = DefaultPool.name("Objectives");
        vivarium.jmx().setAttribute(name, new Attribute("*.DurationMillis", 1.0));
        try {
            vivarium.call("sleep", "{\"seconds\":0.05}");
            eventually(() -> {
                JsonObject seen = Answer.json(vivarium.get("api/pools/default/objectives"))
                        .asJsonObject();
                JsonObject first = seen.getJsonArray("targets").getJsonObject(0);
                assertThat(first.getString("indicator")).isEqualTo("duration");
                assertThat(first.getInt("target")).isEqualTo(1);
                assertThat(first.getString("level")).isEqualTo("CRITICAL");
                assertThat(vivarium.jmx().getAttribute(name, "WorstLevel")).isEqualTo(2);
            });
        } finally {
            vivarium.jmx().setAttribute(name, new Attribute("*.DurationMillis", 60_000.0));
        }
    }

    @Test
    void an_operator_resets_statistics_and_a_viewer_may_not() {
        assertThat(vivarium.call("echo", ONE_CALL).statusCode()).isEqualTo(200);
        String path = "api/pools/default/reset-statistics";
        var byViewer = vivarium.request("viewer", path).POST(BodyPublishers.noBody());
        assertThat(vivarium.send(byViewer).statusCode()).isEqualTo(403);
        eventually(() -> assertThat(pool.read("Calls")).isPositive());

        assertThat(vivarium.post(path, "{}").statusCode()).isEqualTo(204);

        eventually(() -> assertThat(pool.read("Calls")).isZero()); // JMX shows a picture for a second
    }
}
