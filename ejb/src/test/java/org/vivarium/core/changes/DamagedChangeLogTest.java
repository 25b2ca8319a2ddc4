package org.vivarium.core.changes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.PythonException;
import org.vivarium.core.state.StateStore;
import org.vivarium.testing.CapturedLog;

class DamagedChangeLogTest extends OpenedChangeLog {

    private void write(List<String> lines) throws IOException {
        Files.writeString(file(), String.join("\n", lines) + (lines.isEmpty() ? "" : "\n"));
    }

    private List<String> problems() {
        return log.verify().problems().stream()
                .map(Verification.Problem::toString)
                .toList();
    }

    /** Ends this run and begins the next one; what it logs is returned. */
    private List<String> restart() {
        log.close();
        try (CapturedLog errors = new CapturedLog(ChangeLog.class)) {
            log = opened();
            return errors.messages();
        }
    }

    @Test
    void verify_finds_an_edited_line() throws IOException {
        fill(5);
        List<String> lines = lines();
        lines.set(2, lines.get(2).replace("\"new\":3", "\"new\":4"));
        write(lines);

        assertThat(problems())
                .containsExactly("changes.jsonl, line 3: the record 3 was edited: its hash is not that of its text");
    }

    @Test
    void verify_finds_an_edited_line_whose_hash_was_made_anew() throws Exception {
        fill(5);
        for (int line : List.of(2, 4)) {
            List<String> lines = lines();
            String text = lines.get(line)
                    .replace("\"new\":" + (line + 1), "\"new\":9")
                    .replaceFirst(",\"hash.*", "");
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest((text + '}').getBytes(UTF_8)));
            lines.set(line, text + ",\"hash\":\"" + hash + "\"}");
            write(lines);
        }

        assertThat(problems())
                .containsExactly(
                        "changes.jsonl, line 4: the record before 4 was replaced: this one follows another",
                        "changes.jsonl, line 5: the record 5 was replaced: its hash is not the one kept apart");
    }

    @Test
    void verify_finds_a_removed_line() throws IOException {
        fill(5);
        List<String> lines = lines();
        lines.remove(1);
        write(lines);

        assertThat(problems()).containsExactly("changes.jsonl, line 2: the record 2 is missing before this line");
        lines.remove(0);
        write(lines);
        assertThat(problems())
                .containsExactly("changes.jsonl, line 1: the records 1 to 2 are missing before this line");
    }

    @Test
    void verify_finds_reordered_lines() throws IOException {
        fill(5);
        List<String> lines = lines();
        lines.add(1, lines.remove(2));
        write(lines);

        assertThat(problems())
                .containsExactly(
                        "changes.jsonl, line 2: the record 2 is missing before this line",
                        "changes.jsonl, line 3: the record 2 stands after 3, out of order");
    }

    @Test
    void verify_finds_that_the_last_lines_are_missing_or_cut() throws IOException {
        fill(5);
        String whole = Files.readString(file());

        write(lines().subList(0, 3));
        assertThat(problems()).containsExactly("changes.jsonl, line 3: the records 4 to 5 are missing after this line");
        Files.writeString(file(), whole.substring(0, whole.length() - 30));
        assertThat(problems())
                .containsExactly(
                        "changes.jsonl, line 5: is not a whole record",
                        "changes.jsonl, line 5: the record 5 is missing after this line");
        Files.delete(file());
        assertThat(problems()).containsExactly("changes.jsonl: the records 1 to 5 are missing after this line");
    }

    @Test
    void verify_finds_what_is_no_record_and_a_copy_of_one() throws IOException {
        fill(3);
        List<String> lines = lines();
        lines.add(1, "hello");
        lines.add(lines.get(0));
        write(lines);

        assertThat(problems())
                .containsExactly(
                        "changes.jsonl, line 2: is not a whole record",
                        "changes.jsonl, line 5: the record 1 stands after 3, out of order");
    }

    @Test
    void a_last_line_that_was_not_finished_is_removed_and_a_record_says_so() throws IOException {
        for (String torn : List.of("{\"sequence\":3,\"ti", "{\"sequence\":4,\"time\":\"2026\n", "\0\0\0\0")) {
            fill(1);
            int before = lines().size();
            Files.writeString(file(), Files.readString(file()) + torn);

            assertThat(restart()).isEmpty();

            ChangeRecord repair = log.query(ChangeQuery.ALL, Long.MAX_VALUE, 1).get(0);
            assertThat(repair.change().kind()).isEqualTo("repair");
            assertThat(repair.change().actor()).isEqualTo(Actor.SERVICE);
            assertThat(repair.change().reason())
                    .isEqualTo(
                            "the last line was not finished when the service ended, and was removed: " + torn.strip());
            assertThat(lines()).hasSize(before + 1);
            assertThat(log.verify().intact()).isTrue();
        }
    }

    @Test
    void a_record_that_was_written_before_its_head_could_be_is_kept() throws IOException {
        fill(3);
        byte[] older = Files.readAllBytes(home.resolve("state/change-log.json"));
        fill(1);
        Files.write(home.resolve("state/change-log.json"), older);

        assertThat(restart()).isEmpty();

        fill(1);
        assertThat(log.verify()).isEqualTo(new Verification(5, List.of()));
    }

    @Test
    void a_broken_chain_is_told_once_and_goes_on_from_a_record_that_says_where() throws IOException {
        fill(5);
        List<String> lines = lines();
        lines.remove(1);
        write(lines);
        String where = "changes.jsonl, line 2: the record 2 is missing before this line";

        assertThat(restart()).containsExactly("ERROR the change log is not whole: " + where);

        ChangeRecord note = log.query(ChangeQuery.ALL, Long.MAX_VALUE, 1).get(0);
        assertThat(note.change().kind()).isEqualTo("chain-broken");
        assertThat(note.change().reason()).isEqualTo(where);
        assertThat(note.sequence()).isEqualTo(6);
        assertThat(log.problem()).isEqualTo("the change log is not whole: " + where);

        assertThat(restart()).isEmpty();
        fill(1);
        assertThat(log.sequence()).isEqualTo(7);
        assertThat(problems()).as("the damage can still be seen").containsExactly(where);
    }

    @Test
    void after_last_lines_are_lost_the_numbers_go_on_behind_them() throws IOException {
        fill(5);
        String whole = Files.readString(file());
        Files.writeString(file(), whole.substring(0, whole.length() - 30));

        assertThat(restart())
                .containsExactly(
                        "ERROR the change log is not whole: changes.jsonl, line 5: is not a whole record",
                        "ERROR the change log is not whole: changes.jsonl, line 5: the record 5 is missing after this"
                                + " line");

        assertThat(log.query(ChangeQuery.ALL, Long.MAX_VALUE, 2))
                .extracting(ChangeRecord::sequence)
                .containsExactly(7L, 6L);
        assertThat(problems())
                .containsExactly(
                        "changes.jsonl, line 5: is not a whole record",
                        "changes.jsonl, line 6: the record 5 is missing before this line");
        assertThat(restart()).isEmpty();
    }

    @Test
    void a_missing_head_is_told_and_recorded() throws IOException {
        fill(2);
        Files.delete(home.resolve("state/change-log.json"));

        assertThat(restart())
                .containsExactly("ERROR the change log is not whole: " + home.resolve("state/change-log.json")
                        + ", which says where the change log ends, is missing");
        assertThat(log.sequence()).isEqualTo(3);
        assertThat(restart()).isEmpty();
        assertThat(log.verify().intact()).isTrue();
    }

    @Test
    void a_damaged_head_refuses_changes_until_it_is_moved_away() throws IOException {
        fill(2);
        Path head = home.resolve("state/change-log.json");
        Files.writeString(head, "{}");

        assertThat(restart()).hasSize(1);
        assertThatThrownBy(() -> fill(1))
                .isInstanceOf(PythonException.class)
                .hasMessageStartingWith(
                        "the change was not made, because it cannot be recorded: " + head + " is damaged: ");
        assertThat(log.problem()).startsWith(head + " is damaged: ");
        assertThat(Files.readString(head)).isEqualTo("{}");

        Files.delete(head);
        try (CapturedLog errors = new CapturedLog(ChangeLog.class)) {
            fill(1);
            assertThat(errors.messages()).hasSize(1);
        }
        assertThat(log.sequence()).isEqualTo(4);
    }

    @Test
    void on_a_full_disk_a_change_is_refused_with_one_sentence_and_later_ones_are_recorded() throws IOException {
        log.close();
        Files.createDirectories(file().getParent());
        Files.createSymbolicLink(file(), Path.of("/dev/full"));
        log = opened();
        String why = "cannot write " + file() + ": No space left on device";

        assertThatThrownBy(() -> fill(1))
                .isInstanceOf(PythonException.class)
                .hasMessage("the change was not made, because it cannot be recorded: " + why);
        assertThat(audit.messages()).isEmpty();
        assertThat(log.problem()).isEqualTo(why);
        assertThat(log.sequence()).isZero();

        Files.delete(file()); // there is room again
        fill(2);
        assertThat(log.problem()).isEmpty();
        assertThat(log.verify()).isEqualTo(new Verification(2, List.of()));
    }

    @Test
    void a_record_whose_head_cannot_be_written_is_taken_back() throws IOException {
        fill(1);
        Path state = home.resolve("state");
        Path aside = home.resolve("aside");
        Files.move(state, aside);
        Files.writeString(state, "a file where the directory should be");

        assertThatThrownBy(() -> fill(1)).isInstanceOf(PythonException.class).hasMessageContaining("state");
        assertThat(lines()).hasSize(1);

        Files.delete(state);
        Files.move(aside, state);
        fill(1);
        assertThat(log.verify()).isEqualTo(new Verification(2, List.of()));
    }

    @Test
    void a_home_that_cannot_be_used_refuses_changes_and_nothing_else() throws IOException {
        Path taken = Files.writeString(home.resolve("taken"), "");

        try (CapturedLog errors = new CapturedLog(ChangeLog.class);
                ChangeLog other = new ChangeLog(taken, new StateStore(taken), () -> now, ChangeLog.STANDARD)) {
            assertThat(errors.messages())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("ERROR changes are refused, because they cannot be recorded: cannot ")
                    .endsWith(": Not a directory");
            assertThatThrownBy(() -> other.record(limit(1, 2))).isInstanceOf(PythonException.class);
        }
    }
}
