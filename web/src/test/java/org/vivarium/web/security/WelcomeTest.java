package org.vivarium.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WelcomeTest {
    private static final Path USERS = Path.of("/home/users.conf");

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
        assertThat(Welcome.block(address, null, USERS))
                .contains("(PORT: that of the server's HTTP listener, 8080 unless it was changed)\n");
        assertThat(Welcome.block("http://localhost:8080/vivarium/", null, USERS))
                .doesNotContain("PORT:");
    }

    @Test
    void as_long_as_there_is_a_first_password_its_file_is_named_and_a_line_to_try_reads_it() {
        assertThat(Welcome.block("http://localhost:8080/vivarium/", Path.of("/home/first-password"), USERS))
                .contains("password         in /home/first-password, which is deleted once the password is changed\n")
                .contains(
                        "curl -u admin:\"$(cat /home/first-password)\" -H 'Content-Type: application/json' -d '{\"text\":\"hello\"}' http://localhost:8080/vivarium/api/pools/default/programs/echo\n");
    }

    @Test
    void a_path_with_blanks_is_one_word_of_the_shell() {
        assertThat(Welcome.block("http://localhost:8080/vivarium/", Path.of("/my home's/first-password"), USERS))
                .contains("curl -u admin:\"$(cat '/my home'\\''s/first-password')\" ");
    }

    @Test
    void once_the_password_was_changed_there_is_none_and_it_is_said_how_to_get_a_new_one() {
        assertThat(Welcome.block("http://localhost:8080/vivarium/", null, USERS))
                .contains("as before (forgotten? write \"plain:NEW\" in its place in /home/users.conf)")
                .contains("curl -u admin:PASSWORD ");
    }
}
