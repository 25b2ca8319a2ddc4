package org.vivarium.web.security.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.vivarium.web.security.users.PasswordHash;

class CredentialsTest {
    @Test
    void a_hash_is_salted_survives_its_text_and_matches_only_its_password() {
        PasswordHash hash = PasswordHash.of("pässword");

        PasswordHash read = PasswordHash.parse(hash.toString());
        assertThat(read).isEqualTo(hash).hasSameHashCodeAs(hash);
        assertThat(read.matches("pässword")).isTrue();
        assertThat(read.matches("password")).isFalse();
        assertThat(PasswordHash.of("pässword")).isNotEqualTo(hash);
    }

    @Test
    void basic_credentials_may_have_colons_and_umlauts_in_the_password() {
        assertThat(BasicCredentials.parse(header("ada:a:ä"))).hasValueSatisfying(given -> {
            assertThat(given.name()).isEqualTo("ada");
            assertThat(given.password()).isEqualTo("a:ä");
            assertThat(given.toString()).doesNotContain("a:ä");
        });
        assertThat(BasicCredentials.parse("basic " + header("a:b").substring(6)))
                .isPresent();
    }

    @Test
    void what_is_no_basic_header_gives_no_credentials() {
        assertThat(BasicCredentials.parse(null)).isEmpty();
        assertThat(BasicCredentials.parse("Bearer abc")).isEmpty();
        assertThat(BasicCredentials.parse("Basic !!!")).isEmpty();
        assertThat(BasicCredentials.parse(header("no colon"))).isEmpty();
    }

    private static String header(String text) {
        return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
