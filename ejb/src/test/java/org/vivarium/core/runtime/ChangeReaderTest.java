package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.operation.ChangeHistory;
import org.vivarium.api.view.changes.ChangeFilter;
import org.vivarium.api.view.changes.ChangeView;
import org.vivarium.api.view.page.Page;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.core.changes.ChangeLog;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.log.Audit;
import org.vivarium.core.state.StateStore;
import org.vivarium.testing.CapturedLog;

class ChangeReaderTest {
    private static final Actor ADA = new Actor("ada", "rest", "10.0.0.7");

    @TempDir
    Path home;

    private CapturedLog quiet;
    private ChangeLog log;
    private ChangeHistory history;

    @BeforeEach
    void begin() {
        quiet = new CapturedLog(Audit.LOGGER);
        log = new ChangeLog(
                home, new StateStore(home), () -> Instant.parse("2026-11-29T12:00:00Z"), ChangeLog.STANDARD);
        history = new ChangeReader(log);
        ParameterStore store = new ParameterStore("default", PoolSettings.DEFAULT, log);
        store.change(Map.of("QueueLimit", 5), ADA);
        store.change(Map.of("AffinityMode", "none"), ADA);
        assertThatThrownBy(() -> store.change(Map.of("QueueLimit", -1), ADA))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @AfterEach
    void end() {
        log.close();
        quiet.close();
    }

    @Test
    void pages_follow_each_other_from_the_newest_to_the_oldest() {
        Page<ChangeView> first = history.changes(ChangeFilter.ALL, new PageRequest(null, 2));
        assertThat(first.items()).extracting(ChangeView::sequence).containsExactly(3L, 2L);

        Page<ChangeView> second = history.changes(ChangeFilter.ALL, new PageRequest(first.next(), 2));
        assertThat(second.items()).extracting(ChangeView::sequence).containsExactly(1L);
        assertThat(second.next()).isNull();
        assertThatThrownBy(() -> history.changes(ChangeFilter.ALL, new PageRequest("x", 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("after must be the value of next");
    }

    @Test
    void a_change_and_its_refusal_are_shown_as_they_were() {
        ChangeView refused =
                history.changes(ChangeFilter.ALL, PageRequest.FIRST).items().get(0);
        assertThat(List.of(refused.actor(), refused.door(), refused.address(), refused.kind(), refused.subject()))
                .containsExactly("ada", "rest", "10.0.0.7", "configure", "QueueLimit");
        assertThat(refused.oldValue()).isEqualTo(5);
        assertThat(refused.newValue()).isEqualTo(-1);
        assertThat(refused.outcome()).isEqualTo("refused");
        assertThat(refused.message()).startsWith("QueueLimit must be");
        assertThat(history.status().last()).isEqualTo(refused);
    }

    @Test
    void a_filter_that_is_no_time_is_refused() {
        assertThat(history.changes(ChangeFilter.ALL.within("2026-11-29T12:00:01Z", ""), PageRequest.FIRST)
                        .items())
                .isEmpty();
        assertThatThrownBy(() -> ChangeFilter.ALL.within(null, "yesterday"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("to must be an instant such as 2026-11-21T10:00:00Z, was \"yesterday\"");
    }

    @Test
    void verify_names_file_and_line() throws Exception {
        assertThat(history.verify().intact()).isTrue();
        Path file = home.resolve("changes/changes.jsonl");
        Files.writeString(file, Files.readString(file).replace("\"new\":5", "\"new\":6"));

        assertThat(history.verify().intact()).isFalse();
        assertThat(history.verify().problems()).singleElement().asString().startsWith("changes.jsonl, line 1: ");
    }
}
