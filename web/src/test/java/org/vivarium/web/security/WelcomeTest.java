package org.vivarium.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WelcomeTest {
    @Test
    void the_address_follows_the_ports_of_wildfly() {
        assertThat(Welcome.address("/vivarium", Map.of("jboss.home.dir", "/wildfly")::get))
                .isEqualTo("http://localhost:8080/vivarium/");
        assertThat(Welcome.address(
                        "/vivarium",
                        Map.of(
                                "jboss.home.dir",
                                "/wildfly",
                                "jboss.http.port",
                                "9000",
                                "jboss.socket.binding.port-offset",
                                "100")::get))
                .isEqualTo("http://localhost:9100/vivarium/");
    }

    @Test
    void the_operator_can_say_what_the_address_is() {
        assertThat(Welcome.address("/vivarium", Map.of("vivarium.url", "https://python.example/vivarium")::get))
                .isEqualTo("https://python.example/vivarium/");
    }

    @Test
    void a_port_that_is_not_known_is_not_made_up() {
        String address = Welcome.address("/vivarium", key -> null);

        assertThat(address).isEqualTo("http://localhost:PORT/vivarium/");
        assertThat(Welcome.block(address, null, "/home/users.conf"))
                .contains("(PORT: that of the server's HTTP listener, 8080 unless it was changed)\n");
        assertThat(Welcome.block("http://localhost:8080/vivarium/", null, "/home/users.conf"))
                .doesNotContain("PORT:");
    }

    @Test
    void the_first_start_shows_the_password_and_a_line_to_try() {
        assertThat(Welcome.block("http://localhost:8080/vivarium/", "geheim", "/home/users.conf"))
                .contains("password         geheim   (shown only this once)")
                .contains(
                        "curl -u admin:geheim -H 'Content-Type: application/json' -d '{\"text\":\"hello\"}' http://localhost:8080/vivarium/api/pools/default/programs/echo\n");
    }

    @Test
    void later_starts_show_none_and_say_how_to_get_a_new_one() {
        assertThat(Welcome.block("http://localhost:8080/vivarium/", null, "/home/users.conf"))
                .contains("as before (forgotten? write \"plain:NEW\" in its place in /home/users.conf)")
                .contains("curl -u admin:PASSWORD ");
    }
}
