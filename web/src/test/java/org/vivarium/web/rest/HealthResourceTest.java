package org.vivarium.web.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vivarium.web.rest.HealthResource.Started;

class HealthResourceTest {
    private final Started started = new Started();

    @Test
    void whoever_has_started_has_started_for_ever() {
        assertThat(started.judge(List.of("RUNNING", "STARTING"))).isFalse();
        assertThat(started.judge(List.of("RUNNING", "BROKEN"))).isTrue();
        assertThat(started.judge(List.of("RUNNING", "STARTING")))
                .as("all its workers died")
                .isTrue();
    }
}
