package org.vivarium.web.rest.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourcePathsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /pools/default            | application/json
            /pools/default/more       | ''
            /pools/default/call/echo  | application/json, text/event-stream
            /nowhere                  | ''
            """)
    void each_path_produces_what_its_resource_says(String path, String types) {
        assertThat(String.join(", ", ResourcePaths.mediaTypes(Set.of(Pools.class, FailureMapper.class), path)))
                .isEqualTo(types);
    }

    @Path("/pools/{pool}")
    @Produces("application/json")
    static class Pools {
        @GET
        public String pool() {
            return "{}";
        }

        @POST
        @Path("call/{name}")
        @Produces({"text/event-stream", "application/json"})
        public String call() {
            return "{}";
        }
    }
}
