package org.vivarium.web.security.users;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
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
    void the_first_start_writes_a_generated_password_into_a_file_of_its_own_and_keeps_its_hash() throws IOException {
        Path home = directory.resolve("fresh");
        Path file = UserStore.open(home, null, nanos::get).firstPassword();

        assertThat(file).isEqualTo(home.resolve("first-password")).content().hasLineCount(1);
        String password = Files.readString(file).strip();
        assertThat(password).hasSize(20);
        assertThat(Files.readString(home.resolve("users.conf")))
                .doesNotContain(password)
                .contains("admin vivarium-admin pbkdf2-sha256:210000:");
        assertThat(permissions(home.resolve("users.conf"))).isEqualTo("rw-------");
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(permissions(home)).isEqualTo("rwx------");

        UserStore.Opened again = UserStore.open(home, null, nanos::get);
        assertThat(again.firstPassword()).as("still the same").isEqualTo(file);
        assertThat(Files.readString(file).strip()).isEqualTo(password);
        assertThat(again.store().find("admin"))
                .hasValueSatisfying(
                        admin -> assertThat(admin.password().matches(password)).isTrue());
        try (var files = Files.list(home)) {
            assertThat(files).as("no temporary file stays").hasSize(2);
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void the_file_disappears_when_the_password_is_changed_in_the_file_of_users_and_not_before() throws IOException {
        UserStore.Opened opened = UserStore.open(directory, null, nanos::get);
        Path file = requireNonNull(opened.firstPassword());
        Files.writeString(directory.resolve("users.conf"), users() + "ada viewer plain:secret\n");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(opened.store().find("ada")).isPresent();
        assertThat(file).as("another user is none of its business").exists();

        Files.writeString(directory.resolve("users.conf"), "admin vivarium-admin plain:changed\n");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(opened.store().find("admin").orElseThrow().password().matches("changed"))
                .isTrue();
        assertThat(file).doesNotExist();
    }

    @Test
    void the_file_disappears_when_the_first_user_is_taken_out() throws IOException {
        UserStore.Opened opened = UserStore.open(directory, null, nanos::get);
        Files.writeString(directory.resolve("users.conf"), "ada vivarium-admin plain:secret\n");

        assertThat(UserStore.open(directory, null, nanos::get).firstPassword()).isNull();
        assertThat(requireNonNull(opened.firstPassword())).doesNotExist();
    }

    @Test
    void a_password_that_is_given_replaces_that_of_admin_and_nothing_is_generated() throws IOException {
        Path file = requireNonNull(UserStore.open(directory, null, nanos::get).firstPassword());

        UserStore.Opened opened = UserStore.open(directory, "given", nanos::get);

        assertThat(opened.firstPassword()).isNull();
        assertThat(file).doesNotExist();
        assertThat(opened.store().find("admin").orElseThrow().password().matches("given"))
                .isTrue();
        String written = users();
        UserStore.open(directory, "given", nanos::get);
        assertThat(users()).as("the same password again changes nothing").isEqualTo(written);
    }

    @Test
    void a_file_system_that_keeps_nothing_private_gets_no_password() throws IOException {
        URI zip = URI.create("jar:" + directory.resolve("disk.zip").toUri());
        try (FileSystem disk = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            Path home = disk.getPath("/home");

            assertThatThrownBy(() -> UserStore.open(home, null, nanos::get))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the file system of /home/first-password has no permissions that keep others from"
                            + " reading it; name another directory by vivarium.home");
            assertThat(home).doesNotExist();
        }
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
