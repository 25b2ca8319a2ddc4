package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.it.support.DefaultPool.eventually;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.PythonProcesses;

/** What the running service tells of machine, JVM and processes, by all doors. */
@OnServer
class ResourcesIT {

    private final DeployedVivarium vivarium = DeployedVivarium.current();
    private final DefaultPool pool = new DefaultPool(vivarium);

    @BeforeEach
    @AfterEach
    void restore() throws JMException, IOException {
        pool.restore();
    }

    private JsonObject seen() {
        return Answer.json(vivarium.get("api/resources")).asJsonObject();
    }

    private List<JsonObject> workers() {
        return seen().getJsonArray("processes").getValuesAs(JsonObject.class).stream()
                .filter(process -> process.getString("role").equals("WORKER")
                        && process.getString("pool").equals("default"))
                .toList();
    }

    private Set<Long> pids() {
        return workers().stream()
                .map(process -> process.getJsonNumber("pid").longValue())
                .collect(Collectors.toSet());
    }

    @Test
    void workers_that_are_stopped_or_killed_and_their_successors_are_seen() throws Exception {
        eventually(() -> assertThat(pids()).containsExactlyInAnyOrderElementsOf(pool.processes()));
        long victim = pool.processes().get(0);

        PythonProcesses.stop(victim);
        eventually(() -> assertThat(workers())
                .anyMatch(process -> process.getInt("pid") == victim
                        && process.getString("state").equals("T")));

        PythonProcesses.kill(victim);
        pool.awaitWorkers(DefaultPool.WORKERS);
        eventually(
                () -> assertThat(pids()).doesNotContain(victim).containsExactlyInAnyOrderElementsOf(pool.processes()));
    }

    @Test
    void rest_jmx_and_prometheus_tell_the_same() throws JMException {
        ObjectName name = new ObjectName("vivarium:type=Resources");
        eventually(() -> {
            JsonValue cpu = seen().getJsonObject("host").get("cpu"); // null at the first look
            assertThat(cpu).isInstanceOf(JsonNumber.class);
            assertThat(((JsonNumber) cpu).doubleValue()).isBetween(0.0, 1.0);
            CompositeData[] rows = (CompositeData[]) vivarium.jmx().getAttribute(name, "Processes");
            assertThat(rows)
                    .filteredOn(row -> row.get("role").equals("WORKER"))
                    .extracting(row -> (Long) row.get("pid"))
                    .containsAll(pool.processes());
            assertThat((long) vivarium.jmx().getAttribute(name, "HeapBytes")).isPositive();
            assertThat(vivarium.get("api/metrics").body())
                    .contains("vivarium_processes{role=\"guardian\"} ")
                    .contains("vivarium_jvm_heap_bytes ")
                    .contains("vivarium_worker_cpu_seconds_total{pool=\"default\",worker=\"default-");
        });
    }

    @Test
    void viewers_may_see_it_and_nobody_without_a_name() {
        assertThat(vivarium.send(vivarium.request("viewer", "api/resources")).statusCode())
                .isEqualTo(200);
        assertThat(vivarium.send(vivarium.request("caller", "api/resources")).statusCode())
                .isEqualTo(403);
        assertThat(vivarium.getAnonymously("api/resources").statusCode()).isEqualTo(401);
    }
}
