package org.vivarium.api.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HomeDirectoryTest {
    private final Map<String, String> properties = new HashMap<>(Map.of("user.home", "/home/ada"));

    @Test
    void each_source_beats_the_ones_after_it() {
        assertThat(home()).isEqualTo("/home/ada/.vivarium");
        properties.put("com.sun.aas.instanceRoot", "/payara/domain1");
        assertThat(home()).isEqualTo("/payara/domain1/vivarium");
        properties.put("jboss.server.data.dir", "/wildfly/standalone/data");
        assertThat(home()).isEqualTo("/wildfly/standalone/data/vivarium");
        properties.put("vivarium.home", "/var/../srv/vivarium");
        assertThat(home()).isEqualTo("/srv/vivarium");
        properties.put("vivarium.home", " ");
        assertThat(home()).as("blank is not set").isEqualTo("/wildfly/standalone/data/vivarium");
    }

    private String home() {
        Path home = HomeDirectory.locate(properties::get);
        assertThat(home).isAbsolute();
        return home.toString();
    }
}
