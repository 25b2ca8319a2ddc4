package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.event.ConfigurationChanged;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.core.telemetry.Telemetry;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Parameters of the service, changed while a real one runs. */
@StartsProcesses
class ServiceParametersTest {
    private static final Actor ADA = new Actor("ada", "rest");

    @TempDir
    Path runs;

    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        service = new RunningService(
                runs,
                RunningService.examples(1)
                        + "vivarium { telemetry.maximum-bytes = 32 MiB, telemetry.events = call, memory.results = 5 MiB }");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void what_is_configured_holds_from_the_start() {
        assertThat(service.runtime().telemetry().filter()).hasToString("call");
        assertThat(service.runtime().metrics().maximumBytes()).isEqualTo(32 << 20);
        assertThat(service.operations().memory().results().limit()).isEqualTo(5 << 20);
    }

    @Test
    void a_change_holds_once_it_was_answered_and_is_published_with_who_made_it() {
        Telemetry telemetry = service.runtime().telemetry();
        List<PoolEvent> heard = new CopyOnWriteArrayList<>();
        telemetry.addHandler("test", heard::add, event -> event instanceof ConfigurationChanged);

        List<ParameterChange> made = service.operations()
                .configure(
                        Map.of(
                                "Events", "pool",
                                "TelemetryMegabytes", 7,
                                "RequestBudgetMegabytes", 3,
                                "ResultBudgetMegabytes", 4,
                                "LargestBodyMegabytes", 2),
                        ADA);

        assertThat(made).hasSize(5);
        assertThat(telemetry.filter()).hasToString("pool");
        assertThat(service.runtime().metrics().maximumBytes()).isEqualTo(7 << 20);
        assertThat(service.operations().memory().requests().limit()).isEqualTo(3 << 20);
        assertThat(service.operations().memory().results().limit()).isEqualTo(4 << 20);
        assertThat(service.operations().httpLimits().bodyBytes()).isEqualTo(2 << 20);
        await("the events", () -> heard.size() == 5);
        assertThat(heard)
                .contains(new ConfigurationChanged("", "TelemetryMegabytes", "32", "7", ADA))
                .allSatisfy(event -> assertThat(event.pool()).isEmpty());
    }

    @Test
    void what_is_refused_changes_nothing() {
        assertThatThrownBy(() -> service.operations().configure(Map.of("Events", "pool", "TelemetryMegabytes", 0), ADA))
                .hasMessage("TelemetryMegabytes must be a whole number from 1 to 65536 MiB, was 0");

        assertThat(service.runtime().telemetry().filter()).hasToString("call");
        assertThat(service.operations().revertConfiguration(Set.of(), ADA)).isEmpty();
    }
}
