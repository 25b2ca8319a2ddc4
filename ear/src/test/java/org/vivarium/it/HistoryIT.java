package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Callable;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;

/** What pools did is written into the file in the home directory, in the real server. */
@OnServer
class HistoryIT {
    private final DeployedVivarium vivarium = DeployedVivarium.current();

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
