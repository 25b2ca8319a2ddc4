package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.util.List;
import javax.management.Attribute;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.Problem;

/** Whoever changes something, by whichever door, is in the change log. */
@OnServer
class ChangesIT {
    private static final String CONFIG = "api/pools/default/config";

    private final DeployedVivarium vivarium = DeployedVivarium.current();
    private final DefaultPool pool = new DefaultPool(vivarium);

    @AfterEach
    void restore() throws Exception {
        pool.restore();
    }

    private List<JsonObject> newest(String query) {
        return Answer.json(vivarium.get("api/changes" + query))
                .asJsonObject()
                .getJsonArray("items")
                .getValuesAs(JsonObject.class);
    }

    @Test
    void a_change_by_rest_is_recorded_with_user_address_and_both_values() {
        assertThat(vivarium.patch(CONFIG, "{\"QueueLimit\":998}").statusCode()).isEqualTo(200);

        JsonObject change = newest("?limit=1&pool=default&kind=configure").get(0);

        assertThat(change.getString("actor")).isEqualTo("admin");
        assertThat(change.getString("door")).isEqualTo("rest");
        assertThat(change.getString("address")).isEqualTo("127.0.0.1");
        assertThat(change.getString("subject")).isEqualTo("QueueLimit");
        assertThat(change.getInt("newValue")).isEqualTo(998);
        assertThat(change.getString("outcome")).isEqualTo("done");
        assertThat(vivarium.patch(CONFIG, "{\"QueueLimit\":1000}").statusCode()).isEqualTo(200);
    }

    @Test
    void a_value_that_jmx_is_refused_is_recorded_with_the_sentence() throws Exception {
        MBeanServerConnection server = vivarium.jmx();
        ObjectName config = new ObjectName("vivarium:type=PoolConfig,pool=default");
        try {
            server.setAttribute(config, new Attribute("QueueLimit", -1L));
        } catch (RuntimeMBeanException expected) {
            JsonObject change = newest("?limit=1").get(0);
            assertThat(change.getString("door")).isEqualTo("jmx");
            assertThat(change.getString("outcome")).isEqualTo("refused");
            assertThat(change.getString("message"))
                    .isEqualTo(expected.getTargetException().getMessage());
            return;
        }
        throw new AssertionError("-1 was accepted");
    }

    @Test
    void the_files_are_whole_and_their_head_is_what_jmx_tells() throws Exception {
        assertThat(vivarium.patch(CONFIG, "{\"QueueLimit\":1000,\"StartBatch\":7}")
                        .statusCode())
                .isEqualTo(200);

        JsonObject check = Answer.json(vivarium.post("api/changes/verify", "")).asJsonObject();
        assertThat(check.getBoolean("intact")).as("%s", check).isTrue();
        assertThat(Files.readString(vivarium.home().resolve("changes/changes.jsonl")))
                .contains(newest("?limit=1").get(0).getString("hash"));
        assertThat((String[]) vivarium.jmx()
                        .invoke(new ObjectName("vivarium:type=ChangeLog"), "verify", new Object[0], new String[0]))
                .isEmpty();
    }

    @Test
    void a_filter_that_is_no_time_is_refused() {
        assertThat(Problem.of(vivarium.get("api/changes?from=yesterday"), 422).detail())
                .contains("from must be an instant");
    }
}
