package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Callable;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;

/** What pools did is written into the file in the home directory, and nothing is wrong with it, in the real server. */
@OnServer
class HistoryIT {
    private final DeployedVivarium vivarium = DeployedVivarium.current();

    @Test
    void the_monitoring_of_a_server_at_rest_finds_nothing() throws Exception {
        JsonObject self = Answer.json(vivarium.get("api/self")).asJsonObject();

        assertThat(self.getBoolean("healthy")).as("%s", self).isTrue();
        assertThat(self.getJsonArray("checks").getValuesAs(JsonObject.class))
                .extracting(check -> check.getString("name"))
                .contains("timers", "deadlocks", "history", "change log");
        assertThat(vivarium.jmx().getAttribute(new ObjectName("vivarium:type=SelfMonitor"), "Healthy"))
                .isEqualTo(true);
    }

    @Test
    void events_and_points_are_written_into_the_file() throws Exception {
        MBeanServerConnection server = vivarium.jmx();
        ObjectName history = new ObjectName("vivarium:type=History");

        Callable<Boolean> written = () -> (long) server.getAttribute(history, "Written") > 0;
        await().atMost(Duration.ofSeconds(90)).until(written);

        assertThat(server.getAttribute(history, "Problem")).isEqualTo("");
        assertThat(server.getAttribute(history, "Lost")).isEqualTo(0L);
        assertThat(vivarium.home().resolve("history/vivarium.mv.db")).exists();
        assertThat(Files.size(vivarium.home().resolve("history/vivarium.mv.db")))
                .isPositive();
    }
}
