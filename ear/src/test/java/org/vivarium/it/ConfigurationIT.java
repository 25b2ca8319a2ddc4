package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.ConfigurationFile;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.Problem;

/** Parameters are saved, reverted and read again from files, by REST and JMX. */
@OnServer
class ConfigurationIT {
    private static final String CONFIG = "api/pools/default/config";

    private final DeployedVivarium vivarium = DeployedVivarium.current();
    private final DefaultPool pool = new DefaultPool(vivarium);
    private final ConfigurationFile file = new ConfigurationFile(vivarium);

    @AfterEach
    void restore() throws Exception {
        file.close();
        vivarium.post(CONFIG + "/revert", "");
        pool.restore();
    }

    private JsonObject parameter(String attribute) {
        return Answer.json(vivarium.get(CONFIG)).asJsonArray().getValuesAs(JsonObject.class).stream()
                .filter(each -> each.getString("attribute").equals(attribute))
                .findFirst()
                .orElseThrow();
    }

    private List<JsonObject> list(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Answer.json(answer).asJsonArray().getValuesAs(JsonObject.class);
    }

    @Test
    void a_change_answers_old_and_new_and_can_be_saved_and_reverted() throws Exception {
        JsonObject change = list(vivarium.patch(CONFIG + "?reason=load%20test", "{\"QueueLimit\":991}"))
                .get(0);
        assertThat(change.getInt("from")).isEqualTo(1_000);
        assertThat(change.getInt("to")).isEqualTo(991);
        assertThat(change.getString("effect")).isEqualTo("at once");

        list(vivarium.post(CONFIG + "/save?attribute=QueueLimit", ""));
        assertThat(parameter("QueueLimit").getInt("savedValue")).isEqualTo(991);
        assertThat(Files.readString(vivarium.home().resolve("state/parameters.json")))
                .contains("991");

        list(vivarium.post(CONFIG + "/revert?attribute=QueueLimit", ""));
        assertThat(parameter("QueueLimit").getInt("value")).isEqualTo(1_000);
        assertThat(parameter("QueueLimit").isNull("savedValue")).isTrue();
        List<JsonObject> records = Answer.json(vivarium.get("api/changes?limit=3"))
                .asJsonObject()
                .getJsonArray("items")
                .getValuesAs(JsonObject.class);
        assertThat(records).extracting(each -> each.getString("kind")).containsExactly("revert", "save", "configure");
        assertThat(records.get(2).getString("reason")).isEqualTo("load test");
    }

    @Test
    void jmx_changes_several_at_once_and_saves_and_reverts() throws Exception {
        MBeanServerConnection server = vivarium.jmx();
        ObjectName config = new ObjectName("vivarium:type=PoolConfig,pool=default");
        String[] texts = {String.class.getName(), String.class.getName()};

        assertThat(server.invoke(
                        config, "updateLimits", new Object[] {"QueueLimit=992, AffinityMode=none", "a test"}, texts))
                .isEqualTo("QueueLimit: 1000 -> 992 calls, at once\nAffinityMode: prefer -> none, for new calls");
        assertThat(server.invoke(config, "save", new Object[] {"QueueLimit", ""}, texts))
                .isEqualTo("QueueLimit: null -> 992 calls, at once");
        assertThat((String) server.invoke(config, "differences", null, null))
                .contains("QueueLimit: 992, configured 1000 (vivarium.conf (built in):")
                .contains("saved 992");
        assertThat((String) server.invoke(config, "revert", new Object[] {"", ""}, texts))
                .contains("QueueLimit: 992 -> 1000")
                .contains("AffinityMode: none -> prefer");
    }

    @Test
    void targets_of_objectives_are_changed_saved_and_reverted_by_rest_and_jmx() throws Exception {
        String objectives = "api/pools/default/objectives";
        MBeanServerConnection server = vivarium.jmx();
        ObjectName bean = new ObjectName("vivarium:type=Objectives,pool=default");

        assertThat(list(vivarium.patch(objectives, "{\"*.DurationMillis\":50000}"))
                        .get(0)
                        .getInt("from"))
                .isEqualTo(60_000);
        assertThat(server.invoke(bean, "differences", null, null))
                .isEqualTo("*.DurationMillis: 60000.0 -> 50000.0 ms, at once");
        assertThat(list(vivarium.post(objectives + "/save", ""))).hasSize(1);
        assertThat(Files.readString(vivarium.home().resolve("state/parameters.json")))
                .contains("objectives default");
        assertThat(server.invoke(bean, "revert", new Object[] {null, "a test"}, new String[] {
                    String.class.getName(), String.class.getName()
                }))
                .isEqualTo("*.DurationMillis: 50000.0 -> 60000.0 ms, at once");
        assertThat(Problem.of(vivarium.patch(objectives, "{\"*.Duration\":1}"), 422)
                        .detail())
                .startsWith("pool default has no target *.Duration; did you mean *.DurationMillis?");
        assertThat(list(vivarium.post(objectives + "/revert", ""))).isEmpty();
    }

    @Test
    void a_file_that_has_changed_is_read_by_itself_and_a_mistake_in_it_changes_nothing() throws Exception {
        file.append("vivarium.pools.default.limits.queue = 993");
        await().until(() -> parameter("QueueLimit").getInt("value") == 993);
        assertThat(parameter("QueueLimit").getString("source")).isEqualTo(file.path() + ":" + file.firstLine());

        file.append("vivarium.pools.default.limits.queue = 994", "vivarium.pool = {}");
        Problem problem = Problem.of(vivarium.post("api/config/reload", ""), 422);
        assertThat(problem.type()).isEqualTo("InvalidConfiguration");
        assertThat(problem.detail())
                .isEqualTo("the service goes on as it was: " + file.path() + ":" + (file.firstLine() + 1)
                        + ": vivarium.pool is not known; did you mean pools?");
        assertThat(parameter("QueueLimit").getInt("value")).isEqualTo(993);
    }
}
