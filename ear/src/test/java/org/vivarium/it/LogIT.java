package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;

@OnServer
class LogIT {

    private final DeployedVivarium vivarium = DeployedVivarium.current();

    @Test
    void lines_of_the_service_go_to_its_own_file_with_the_keys_that_find_a_call() throws IOException {
        assertThat(Files.readAllLines(vivarium.log()))
                .anyMatch(
                        line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\S+ INFO  \\[.+] pool=\\S+ worker=\\S+ session=\\S+"
                                + " correlation_id=\\S+ org\\.vivarium\\.\\S+ - .+"));
    }
}
