package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import javax.management.Attribute;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.ConfigurationFile;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.Problem;

/** Parameters of the service are changed by REST, JMX and file, and count at once. */
@OnServer
class ServiceConfigIT {
    private static final String CONFIG = "api/config";
    private static final String MORE_THAN_A_MEBIBYTE = " ".repeat((1 << 20) + 1);

    private final DeployedVivarium vivarium = DeployedVivarium.current();
    private final ConfigurationFile file = new ConfigurationFile(vivarium);

    @AfterEach
    void restore() throws Exception {
        file.close();
        list(vivarium.post(CONFIG + "/revert", ""));
    }

    private JsonObject parameter(String attribute) {
        return list(vivarium.get(CONFIG)).stream()
                .filter(each -> each.getString("attribute").equals(attribute))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonObject> list(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Answer.json(answer).asJsonArray().getValuesAs(JsonObject.class);
    }

    private List<JsonObject> change(String json) {
        return list(vivarium.patch(CONFIG, json));
    }

    private HttpResponse<String> by(String user, String method, String path, String json) {
        return vivarium.send(vivarium.request(user, path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(json)));
    }

    @Test
    void the_length_of_bodies_is_limited_as_it_is_set_now() {
        String inputs = "{" + MORE_THAN_A_MEBIBYTE + "}";
        assertThat(vivarium.call("echo", inputs).statusCode()).isEqualTo(200);
        change("{\"LargestInputsMegabytes\":1}");
        assertThat(Problem.of(vivarium.call("echo", inputs), 413).type()).isEqualTo("BodyTooLarge");

        assertThat(Problem.of(vivarium.patch(CONFIG, inputs), 413).type()).isEqualTo("BodyTooLarge");
        change("{\"LargestBodyMegabytes\":2}");
        assertThat(change(inputs)).isEmpty();

        assertThat(list(vivarium.post(CONFIG + "/revert", "")))
                .extracting(each -> each.getString("attribute"))
                .containsExactly("LargestInputsMegabytes", "LargestBodyMegabytes");
        assertThat(vivarium.call("echo", inputs).statusCode()).isEqualTo(200);
    }

    @Test
    void how_often_a_login_may_fail_is_limited_as_it_is_set_now() {
        change("{\"LoginFailuresPerName\":2,\"LoginFailuresPerAddress\":100000}");

        assertThat(failedLogin()).isEqualTo(401);
        assertThat(failedLogin()).isEqualTo(401);
        assertThat(failedLogin()).isEqualTo(429);
        change("{\"LoginFailuresPerName\":100000}"); // each failure costs so little now that the next try may come
        assertThat(failedLogin()).isEqualTo(401);
    }

    private int failedLogin() {
        String credentials = Base64.getEncoder().encodeToString("guessed:at".getBytes(StandardCharsets.UTF_8));
        return vivarium.send(java.net.http.HttpRequest.newBuilder(vivarium.uri("api/pools"))
                        .header("Authorization", "Basic " + credentials))
                .statusCode();
    }

    @Test
    void parameters_of_security_are_for_admins_and_the_others_for_operators() {
        Problem refused =
                Problem.of(by("operator", "PATCH", CONFIG, "{\"LoginSessions\":9,\"IdempotentKeys\":9}"), 403);
        assertThat(refused.detail())
                .isEqualTo("LoginSessions is a parameter of security, which only the role vivarium-admin may change");
        assertThat(parameter("IdempotentKeys").getInt("value")).isEqualTo(10_000);
        assertThat(by("operator", "PATCH", CONFIG, "{\"IdempotentKeys\":9}").statusCode())
                .isEqualTo(200);
        assertThat(by("viewer", "PATCH", CONFIG, "{\"IdempotentKeys\":9}").statusCode())
                .isEqualTo(403);

        change("{\"LoginSessions\":9}");
        Problem.of(by("operator", "POST", CONFIG + "/save?attribute=LoginSessions", ""), 403);
        assertThat(list(by("operator", "POST", CONFIG + "/save", "")))
                .extracting(each -> each.getString("attribute"))
                .containsExactly("IdempotentKeys");
        assertThat(parameter("LoginSessions").isNull("savedValue")).isTrue();
        assertThat(list(by("operator", "POST", CONFIG + "/revert", "")))
                .extracting(each -> each.getString("attribute"))
                .containsExactly("IdempotentKeys");
        assertThat(parameter("LoginSessions").getInt("value")).isEqualTo(9);
    }

    @Test
    void jmx_changes_numbers_and_texts_which_rest_shows_and_the_change_log_has() throws Exception {
        MBeanServerConnection server = vivarium.jmx();
        ObjectName config = new ObjectName("vivarium:type=ServiceConfig");
        String[] texts = {String.class.getName(), String.class.getName()};

        server.setAttribute(config, new Attribute("ResourceIntervalMillis", 7_000L));
        assertThat((String) server.invoke(
                        config,
                        "updateLimits",
                        new Object[] {"Events=*, -call, TelemetryMegabytes=33", "a test"},
                        texts))
                .contains("TelemetryMegabytes: 64 -> 33 MiB, at once");

        assertThat(parameter("ResourceIntervalMillis").getInt("value")).isEqualTo(7_000);
        await().until(() -> server.getAttribute(new ObjectName("vivarium:type=Telemetry"), "Events")
                .equals("*, -call"));
        assertThat(server.getAttribute(new ObjectName("vivarium:type=Telemetry"), "MaximumBytes"))
                .isEqualTo(33L << 20);
        List<JsonObject> records = Answer.json(vivarium.get("api/changes?limit=3"))
                .asJsonObject()
                .getJsonArray("items")
                .getValuesAs(JsonObject.class);
        assertThat(records)
                .extracting(each -> each.getString("subject"))
                .containsExactlyInAnyOrder("ResourceIntervalMillis", "Events", "TelemetryMegabytes");
        assertThat(records).allSatisfy(each -> assertThat(each.isNull("pool")).isTrue());
    }

    @Test
    void what_is_written_into_the_file_counts_once_it_is_read_again() throws Exception {
        file.append("vivarium.http.bodies = 3 MiB");

        await().until(() -> parameter("LargestBodyMegabytes").getInt("value") == 3);
        assertThat(parameter("LargestBodyMegabytes").getString("source"))
                .isEqualTo(file.path() + ":" + file.firstLine());
        assertThat(change("{" + MORE_THAN_A_MEBIBYTE + "}")).isEmpty();
    }
}
