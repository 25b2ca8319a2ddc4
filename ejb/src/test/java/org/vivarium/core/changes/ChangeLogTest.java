package org.vivarium.core.changes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.testing.CapturedLog;

class ChangeLogTest extends OpenedChangeLog {
    private static final Actor BOB = new Actor("bob", "jmx");

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
    void a_record_says_who_changed_what_when_and_from_where() throws IOException {
        log.record(limit(1_000, 5).because("load test"));

        String zeros = "0".repeat(64);
        assertThat(lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("{\"sequence\":1,\"time\":\"2026-11-29T12:00:00.120Z\",\"actor\":\"ada\",\"door\":\"rest\","
                        + "\"address\":\"10.0.0.7\",\"kind\":\"configure\",\"pool\":\"default\",\"type\":\"parameter\","
                        + "\"subject\":\"QueueLimit\",\"old\":1000,\"new\":5,\"reason\":\"load test\",\"outcome\":\"done\","
                        + "\"message\":null,\"previous\":\"" + zeros + "\",\"hash\":\"");
        assertThat(log.query(ChangeQuery.ALL, Long.MAX_VALUE, 10))
                .containsExactly(
                        new ChangeRecord(1, NOON, limit(1_000, 5).because("load test"), null, zeros, log.hash()));
        assertThat(audit.messages())
                .containsExactly("INFO action=configure actor=ada door=rest pool=default parameter=QueueLimit"
                        + " from=1000 to=5 address=10.0.0.7 reason=\"load test\"");
    }

    @Test
    void a_hash_is_that_of_its_line_without_the_hash_and_is_the_previous_one_of_the_next() throws Exception {
        fill(2);

        String first = lines().get(0);
        String text = first.replaceFirst(",\"hash\":\"[0-9a-f]{64}\"}$", "}");
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        assertThat(first).endsWith(",\"hash\":\"" + hash + "\"}");
        assertThat(lines().get(1)).contains(",\"previous\":\"" + hash + "\",");
        assertThat(log.verify()).isEqualTo(new Verification(2, List.of()));
        assertThat(log.sequence()).isEqualTo(2);
    }

    @Test
    void a_refused_change_is_recorded_with_the_sentence_of_its_refusal() {
        log.refused(limit(1_000, -1), "QueueLimit must be 0 or more, was -1");

        ChangeRecord only = log.query(ChangeQuery.ALL, Long.MAX_VALUE, 10).get(0);
        assertThat(only.outcome()).isEqualTo("refused");
        assertThat(only.refusal()).isEqualTo("QueueLimit must be 0 or more, was -1");
        assertThat(audit.messages())
                .first()
                .asString()
                .endsWith("outcome=refused message=\"QueueLimit must be 0 or more, was -1\"");
    }

    @Test
    void a_secret_is_in_neither_the_record_nor_the_audit_log() throws IOException {
        log.record(Change.of(ADA, "configure", null)
                .about("parameter", "key")
                .from(null, "hunter2")
                .hidden());

        assertThat(lines().get(0)).contains("\"old\":null,\"new\":\"(secret)\"").doesNotContain("hunter2");
        assertThat(audit.messages()).noneMatch(line -> line.contains("hunter2"));
    }

    @Test
    void what_somebody_writes_cannot_forge_a_line_or_fill_the_disk() throws IOException {
        log.record(Change.of(ADA, "forget-session", "default").about("session", "a\"}\n{\"sequence\":7\u2028\ud800"));
        log.record(limit(1, 2).because("x".repeat(1 << 20)));

        assertThat(lines()).hasSize(2).allMatch(line -> line.length() < 2_000);
        assertThat(log.verify().intact()).isTrue();
        assertThat(log.query(ChangeQuery.ALL, Long.MAX_VALUE, 10)).hasSize(2);
    }

    @Test
    void only_the_user_of_the_server_can_read_it() throws IOException {
        fill(1);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void the_next_run_goes_on_where_this_one_ended() {
        fill(3);

        assertThat(restart()).isEmpty();
        fill(2);

        assertThat(log.verify()).isEqualTo(new Verification(5, List.of()));
        assertThat(log.problem()).isEmpty();
    }

    @Test
    void a_full_file_is_followed_by_another_one_and_the_oldest_go() throws IOException {
        log.close();
        log = opened(new ChangeLog.Limits(2_000, 3));
        fill(40);

        List<String> names;
        try (Stream<Path> files = Files.list(file().getParent())) {
            names = files.map(path -> path.getFileName().toString()).sorted().toList();
        }
        assertThat(names).hasSize(4).first().asString().matches("changes-0{10}\\d\\d\\.jsonl");
        assertThat(log.verify().intact()).isTrue();
        assertThat(restart()).isEmpty();
        assertThat(log.query(ChangeQuery.ALL, Long.MAX_VALUE, 10))
                .extracting(ChangeRecord::sequence)
                .containsExactly(40L, 39L, 38L, 37L, 36L, 35L, 34L, 33L, 32L, 31L);

        Files.delete(file().resolveSibling(names.get(0)));
        assertThat(problems()).hasSize(1).first().asString().contains("line 1: the records ");
        Files.delete(file().resolveSibling(names.get(1)));
        assertThat(problems()).hasSize(1).first().asString().contains("line 1: the records ");
    }

    @Test
    void how_much_is_kept_can_be_changed_and_counts_from_the_next_record_on() throws IOException {
        log.close();
        log = opened(new ChangeLog.Limits(2_000, 3));
        fill(40);

        log.keep(new ChangeLog.Limits(2_000, 1));
        fill(10);
        try (Stream<Path> files = Files.list(file().getParent())) {
            assertThat(files).hasSize(2);
        }
        log.keep(new ChangeLog.Limits(1 << 20, 1));
        fill(100);
        assertThat(Files.size(file())).isGreaterThan(20_000);
        assertThat(log.verify().intact()).isTrue();
    }

    @Test
    void changes_are_found_by_pool_actor_kind_and_time_newest_first_and_page_by_page() {
        log.record(limit(1, 2));
        now = NOON.plusSeconds(60);
        log.record(Change.of(BOB, "drain", "other"));
        log.record(Change.of(BOB, "configure", null).about("parameter", "x").from("\"pool\":\"default\"", 2));
        now = NOON.plusSeconds(120);
        log.record(limit(2, 3));

        assertThat(sequences(ChangeQuery.ALL, Long.MAX_VALUE, 2)).containsExactly(4L, 3L);
        assertThat(sequences(ChangeQuery.ALL, 3, 2)).containsExactly(2L, 1L);
        assertThat(found("default", null, null)).containsExactly(4L, 1L);
        assertThat(found(null, "bob", null)).containsExactly(3L, 2L);
        assertThat(found(null, "bob", "drain")).containsExactly(2L);
        assertThat(found("none", null, null)).isEmpty();
        assertThat(sequences(new ChangeQuery(null, null, null, NOON.plusSeconds(60), NOON.plusSeconds(120)), 9, 9))
                .containsExactly(3L, 2L);
    }

    private List<Long> found(String pool, String actor, String kind) {
        return sequences(new ChangeQuery(pool, actor, kind, null, null), Long.MAX_VALUE, 10);
    }

    private List<Long> sequences(ChangeQuery query, long before, int limit) {
        return log.query(query, before, limit).stream()
                .map(ChangeRecord::sequence)
                .toList();
    }

    @Test
    void racing_changes_all_get_a_record_and_those_of_one_request_stay_together() {
        IntStream.range(0, 200).parallel().forEach(i -> log.record(List.of(limit(i, 0), limit(i, 1))));

        List<ChangeRecord> all = log.query(ChangeQuery.ALL, Long.MAX_VALUE, 1_000);
        assertThat(all).hasSize(400);
        for (int i = 0; i < all.size(); i += 2) {
            assertThat(all.get(i).change().before())
                    .isEqualTo(all.get(i + 1).change().before());
        }
        assertThat(log.verify()).isEqualTo(new Verification(400, List.of()));
    }

    @Test
    void a_thread_that_is_interrupted_records_all_the_same() {
        Thread.currentThread().interrupt();
        fill(2);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(log.verify().intact()).isTrue();
    }
}
