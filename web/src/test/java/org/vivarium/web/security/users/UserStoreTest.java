package org.vivarium.web.security.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserStoreTest {
    private final AtomicLong nanos = new AtomicLong();

    @TempDir
    private Path directory;

    @Test
    void the_first_start_generates_a_password_returns_it_once_and_keeps_only_its_hash() throws IOException {
        Path home = directory.resolve("fresh");
        String password = UserStore.open(home, null, nanos::get).generatedPassword();

        assertThat(password).hasSize(20);
        assertThat(Files.readString(home.resolve("users.conf")))
                .doesNotContain(password)
                .contains("admin vivarium-admin pbkdf2-sha256:210000:");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("users.conf"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
                .isEqualTo("rwx------");

        UserStore.Opened again = UserStore.open(home, null, nanos::get);
        assertThat(again.generatedPassword()).isNull();
        assertThat(again.store().find("admin"))
                .hasValueSatisfying(
                        admin -> assertThat(admin.password().matches(password)).isTrue());
        try (var files = Files.list(home)) {
            assertThat(files).as("no temporary file stays").hasSize(1);
        }
    }

    @Test
    void a_password_that_is_given_replaces_that_of_admin_and_nothing_is_generated() throws IOException {
        UserStore.open(directory, null, nanos::get);

        UserStore.Opened opened = UserStore.open(directory, "given", nanos::get);

        assertThat(opened.generatedPassword()).isNull();
        assertThat(opened.store().find("admin").orElseThrow().password().matches("given"))
                .isTrue();
        String file = users();
        UserStore.open(directory, "given", nanos::get);
        assertThat(users()).as("the same password again changes nothing").isEqualTo(file);
    }

    @Test
    void a_user_added_in_plain_text_is_found_within_a_second_and_hashed_in_the_file() throws IOException {
        UserStore store = UserStore.open(directory, "given", nanos::get).store();
        Files.writeString(directory.resolve("users.conf"), users() + "ada viewer,vivarium-caller plain:secret\n");
        assertThat(store.find("ada")).isEmpty();

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        User ada = store.find("ada").orElseThrow();
        assertThat(ada.roles()).containsExactlyInAnyOrder(Role.VIEWER, Role.CALLER);
        assertThat(ada.password().matches("secret")).isTrue();
        assertThat(users()).doesNotContain("secret").contains("ada vivarium-caller,vivarium-viewer pbkdf2-sha256:");
        assertThat(store.find("admin")).isPresent();
    }

    @Test
    void a_file_that_cannot_be_understood_leaves_the_last_good_users() throws IOException {
        UserStore store = UserStore.open(directory, "given", nanos::get).store();
        Files.writeString(directory.resolve("users.conf"), "admin\n");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(store.find("admin")).isPresent();
    }

    @Test
    void a_user_who_is_taken_out_is_gone() throws IOException {
        UserStore store = UserStore.open(directory, "given", nanos::get).store();
        Files.writeString(directory.resolve("users.conf"), "# nobody\n");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(store.find("admin")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            admin                              | users.conf:2: a line is a name
            a:b vivarium-admin plain:x         | users.conf:2: a line is a name
            admin vivarium-king plain:x        | users.conf:2: there is no role vivarium-king; known are
            admin vivarium-admin secret        | users.conf:2: a hash looks like pbkdf2-sha256:210000:salt:hash
            admin vivarium-admin pbkdf2-sha256:100000:AAAA:AAAA | a hash needs at least 210000 iterations, has 100000
            """)
    void a_mistake_in_the_file_is_told_with_its_line(String line, String complaint) throws IOException {
        Files.writeString(directory.resolve("users.conf"), "# comment\n" + line + "\n");

        assertThatThrownBy(() -> UserStore.open(directory, null, nanos::get))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(complaint);
    }

    private String users() throws IOException {
        return Files.readString(directory.resolve("users.conf"));
    }
}
