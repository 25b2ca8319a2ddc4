package org.vivarium.core.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStoreTest {
    private static final StateFormat USERS = new StateFormat("users", List.of());

    /** As a later version of the service has it: lists became maps, and then the names were counted. */
    private static final StateFormat LATER =
            new StateFormat("users", List.of(content -> Map.of("names", content.get("users")), content -> {
                content = new java.util.TreeMap<>(content);
                content.put("count", ((List<?>) content.get("names")).size());
                return content;
            }));

    @TempDir
    Path home;

    private StateStore store;

    @BeforeEach
    void open() {
        store = new StateStore(home.resolve("made/by/us"));
    }

    private void write(String text) throws IOException {
        Files.createDirectories(store.path(USERS).getParent());
        Files.writeString(store.path(USERS), text);
    }

    @Test
    void what_was_written_is_read_again_also_by_the_next_run() {
        Map<String, Object> content =
                Map.of("users", List.of("ada", "é\u2028\"\\"), "limit", 9_000_000_000L, "share", 0.25, "on", true);

        store.write(USERS, content);

        assertThat(store.read(USERS)).contains(content);
        assertThat(new StateStore(home.resolve("made/by/us")).read(USERS)).contains(content);
    }

    @Test
    void what_was_never_written_is_not_there() {
        assertThat(store.read(USERS)).isEmpty();
    }

    @Test
    void nobody_but_the_user_of_the_server_can_read_it_and_nothing_else_is_left_in_the_directory() throws IOException {
        store.write(USERS, Map.of("n", 1));
        store.write(USERS, Map.of("n", 2));

        Path file = store.path(USERS);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void a_directory_that_others_could_read_is_taken_away_from_them() throws IOException {
        Path directory = store.path(USERS).getParent();
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxr-x"));

        store.write(USERS, Map.of());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void an_older_document_is_upgraded_step_by_step_and_written_in_the_new_version() throws IOException {
        store.write(USERS, Map.of("users", List.of("ada", "bob")));

        assertThat(store.read(LATER)).contains(Map.of("names", List.of("ada", "bob"), "count", 2));

        store.write(LATER, Map.of("names", List.of()));
        assertThat(Files.readString(store.path(LATER))).contains("\"version\":3");
    }

    @Test
    void an_upgrade_that_fails_says_between_which_versions_and_why() throws IOException {
        write("{\"document\":\"users\",\"version\":2,\"content\":{\"names\":7}}");

        assertThatThrownBy(() -> store.read(LATER))
                .isInstanceOf(StateException.class)
                .hasMessageStartingWith("cannot upgrade " + store.path(USERS)
                        + " from format version 2 to 3: java.lang.ClassCastException");
    }

    @Test
    void a_document_of_a_later_version_is_refused_and_never_replaced() throws IOException {
        store.write(LATER, Map.of("names", List.of(), "count", 0));
        String before = Files.readString(store.path(USERS));
        StateStore older = new StateStore(home.resolve("made/by/us"));
        String message =
                store.path(USERS) + " has format version 3, but this version of Vivarium knows versions up to 1;"
                        + " start the version of Vivarium that wrote it, or a later one, or move the file away to begin without it";

        assertThatThrownBy(() -> older.read(USERS))
                .isInstanceOf(StateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> older.write(USERS, Map.of()))
                .isInstanceOf(StateException.class)
                .hasMessage(message);
        assertThat(Files.readString(store.path(USERS))).isEqualTo(before);
    }

    @Test
    void a_damaged_document_is_refused_and_never_replaced_while_others_go_on() throws IOException {
        for (String damage : List.of(
                "",
                "\0\0\0\0",
                "{\"document\":\"users\",\"version\":1,\"content\":{\"us",
                "{\"document\":\"rules\",\"version\":1,\"content\":{}}",
                "{\"document\":\"users\",\"version\":0,\"content\":{}}",
                "{\"document\":\"users\",\"version\":\"one\",\"content\":{}}",
                "{\"document\":\"users\",\"version\":1,\"content\":[]}",
                "[]")) {
            write(damage);
            StateStore next = new StateStore(home.resolve("made/by/us"));

            assertThatThrownBy(() -> next.read(USERS))
                    .as(damage)
                    .isInstanceOf(StateException.class)
                    .hasMessageStartingWith(store.path(USERS) + " is damaged: ")
                    .hasMessageEndingWith("; repair it, or move it away to begin without it");
            assertThatThrownBy(() -> next.write(USERS, Map.of())).isInstanceOf(StateException.class);
            assertThat(Files.readString(store.path(USERS))).isEqualTo(damage);
            next.write(new StateFormat("rules", List.of()), Map.of("n", 1));
        }
        Files.delete(store.path(USERS));
        store.write(USERS, Map.of("n", 2));
        assertThat(store.read(USERS)).contains(Map.of("n", 2));
    }

    @Test
    void a_directory_that_cannot_be_made_is_told_with_path_and_cause() throws IOException {
        Files.writeString(home.resolve("made"), "a file where the directory should be");

        assertThatThrownBy(() -> store.write(USERS, Map.of()))
                .isInstanceOf(StateException.class)
                .hasMessage("cannot write " + store.path(USERS) + ": Not a directory");
    }

    @Test
    void a_document_that_cannot_be_read_is_told_with_path_and_cause() throws IOException {
        Files.createDirectories(store.path(USERS));

        assertThatThrownBy(() -> store.read(USERS))
                .isInstanceOf(StateException.class)
                .hasMessage("cannot read " + store.path(USERS) + ": Is a directory");
    }

    @Test
    void what_a_killed_process_left_behind_is_in_nobodys_way() throws IOException {
        store.write(USERS, Map.of("n", 1));
        Files.writeString(store.path(USERS).resolveSibling("users.json.new"), "{\"docum");

        store.write(USERS, Map.of("n", 2));

        assertThat(new StateStore(home.resolve("made/by/us")).read(USERS)).contains(Map.of("n", 2));
    }

    @Test
    void a_thread_that_is_interrupted_writes_all_the_same_and_stays_interrupted() {
        Thread.currentThread().interrupt();

        store.write(USERS, Map.of("n", 1));

        assertThat(store.read(USERS)).contains(Map.of("n", 1));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void racing_writers_leave_one_whole_document() {
        IntStream.range(0, 64).parallel().forEach(i -> store.write(USERS, Map.of("a", i, "b", i)));

        Map<String, Object> content = store.read(USERS).orElseThrow();
        assertThat(content.get("a")).isEqualTo(content.get("b"));
    }

    @Test
    void a_name_that_is_no_plain_word_is_refused() {
        assertThatThrownBy(() -> new StateFormat("../users", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the name of a document must be lower-case letters, digits and hyphens, was ../users");
    }

    @Test
    void text_is_stored_as_utf_8() throws IOException {
        store.write(USERS, Map.of("name", "Ü"));

        assertThat(Files.readAllBytes(store.path(USERS))).contains("Ü".getBytes(UTF_8));
    }
}
