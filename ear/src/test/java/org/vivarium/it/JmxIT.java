package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;

@OnServer
class JmxIT {

    private final DeployedVivarium vivarium = DeployedVivarium.current();

    @Test
    void a_local_attach_reaches_the_server_of_this_run() throws IOException {
        var runtime = ManagementFactory.newPlatformMXBeanProxy(
                vivarium.jmx(), ManagementFactory.RUNTIME_MXBEAN_NAME, RuntimeMXBean.class);
        assertThat(runtime.getPid()).isEqualTo(vivarium.server().pid());
        assertThat(runtime.getSystemProperties())
                .containsEntry("vivarium.home", vivarium.home().toString());
    }
}
