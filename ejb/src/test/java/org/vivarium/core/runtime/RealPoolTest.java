package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.testing.RunningService;

class RealPoolTest {
    @TempDir
    Path runs;

    @Test
    void a_call_reaches_python_and_comes_back() throws Exception {
        try (RunningService service = new RunningService(runs, RunningService.examples(2))) {
            assertThat(service.call("echo", "{\"text\":\"hello\"}")).isEqualTo("{\"text\":\"hello\"}");
        }
    }
}
