package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;

@OnServer
class HealthIT {

    private final DeployedVivarium vivarium = DeployedVivarium.current();

    @Test
    void liveness_is_answered_without_credentials() {
        assertThat(vivarium.getAnonymously("api/health/live").statusCode()).isEqualTo(200);
    }
}
