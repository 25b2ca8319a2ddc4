package org.vivarium.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteCheckTest {
    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            GET  | cross-site  | https://evil.example  | -   | false | true
            POST | same-origin | http://localhost:8080 | -   | false | true
            POST | same-origin | https://proxy.example | -   | false | true
            POST | cross-site  | http://localhost:8080 | -   | true  | false
            POST | same-site   | -                     | yes | true  | false
            POST | none        | -                     | -   | false | true
            POST | -           | http://localhost:8080 | -   | false | true
            POST | -           | http://localhost:9090 | -   | true  | false
            POST | -           | http://evil.example   | yes | true  | false
            POST | -           | null                  | -   | true  | false
            POST | -           | not an address        | -   | true  | false
            POST | -           | -                     | yes | false | true
            POST | -           | -                     | -   | false | false
            """)
    void a_change_with_a_session_must_show_that_our_own_page_is_behind_it(
            String method, String fetchSite, String origin, String requestedWith, boolean foreign, boolean ours) {
        SiteCheck site = new SiteCheck(method, fetchSite, origin, "localhost:8080", requestedWith);

        assertThat(site.isForeign()).isEqualTo(foreign);
        assertThat(site.isOurs()).isEqualTo(ours);
    }
}
