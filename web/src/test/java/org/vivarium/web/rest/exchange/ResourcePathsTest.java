package org.vivarium.web.rest.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.web.rest.RestApplication;

class ResourcePathsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /metrics                      | text/plain
            /pools                        | application/json
            /pools/default/metrics        | application/json
            /pools/default/programs/echo  | application/json, text/event-stream
            /nowhere                      | ''
            """)
    void each_path_produces_what_its_resource_says(String path, String types) {
        assertThat(String.join(", ", ResourcePaths.mediaTypes(new RestApplication().getClasses(), path)))
                .isEqualTo(types);
    }
}
