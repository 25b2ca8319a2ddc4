package org.vivarium.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.api.view.settings.ParameterView;
import org.vivarium.core.changes.ChangeLog;
import org.vivarium.core.changes.ChangeQuery;
import org.vivarium.core.changes.ChangeRecord;
import org.vivarium.core.state.StateStore;

/** What operators save, revert and write into files, one service after the other in the same home directory. */
class SavedParametersTest {
    private static final Actor ADA = new Actor("ada", "rest", "10.0.0.7", "load test");
    private static final String FILE =
            "vivarium.pools.default { limits.queue = 70, workers { minimum = 1, maximum = 4 } }";

    @TempDir
    private Path home;

    private ChangeLog log;

    @BeforeEach
    void write() throws Exception {
        write(FILE);
        log = new ChangeLog(home, new StateStore(home), InstantSource.system(), ChangeLog.STANDARD);
    }

    private void write(String text) throws Exception {
        Files.writeString(home.resolve("vivarium.conf"), text);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private Configured<PoolParameter, PoolSettings> read(Map<String, String> properties) {
        ConfigurationSources sources = new ConfigurationSources(
                "vivarium.pools.default { workers.minimum = auto }",
                Optional.of(home.resolve("vivarium.conf")),
                properties,
                Map.of(),
                Path.of("/examples"));
        Configuration configuration =
                new ConfigurationReader(sources, HostSize.STANDARD, SavedValues.in(new StateStore(home))).read();
        assertThat(configuration.brokenPools()).isEmpty();
        return configuration.pools().get(0).configured();
    }

    /** Returns the store of a service that starts now. */
    private ParameterStore start(Map<String, String> properties) {
        return new ParameterStore("default", read(properties), log, SavedValues.in(new StateStore(home)));
    }

    private static ParameterView view(ParameterStore store, String attribute) {
        return store.view().stream()
                .filter(each -> each.attribute().equals(attribute))
                .findFirst()
                .orElseThrow();
    }

    private List<ChangeRecord> records() {
        return log.query(ChangeQuery.ALL, Long.MAX_VALUE, 100);
    }

    @Test
    void a_saved_value_holds_after_a_restart_and_a_changed_one_does_not() {
        ParameterStore store = start(Map.of());
        store.change(Map.of("QueueLimit", 5, "StartBatch", 3), ADA);

        List<ParameterChange> saved = store.save(List.of("QueueLimit"), ADA);

        assertThat(saved).containsExactly(new ParameterChange("QueueLimit", null, 5L, "calls", "at once"));
        ParameterStore next = start(Map.of());
        assertThat(next.current().value(PoolParameter.QUEUE_LIMIT)).isEqualTo(5);
        assertThat(next.current().value(PoolParameter.START_BATCH))
                .isEqualTo(PoolSettings.DEFAULT.value(PoolParameter.START_BATCH));
        ParameterView view = view(next, "QueueLimit");
        assertThat(view.fileValue()).isEqualTo(70L);
        assertThat(view.savedValue()).isEqualTo(5);
        assertThat(view.differsFromFile()).isTrue();
        assertThat(view.source()).isEqualTo(home.resolve("vivarium.conf") + ":1");
    }

    @Test
    void saving_all_saves_what_differs_and_a_second_time_changes_nothing() {
        ParameterStore store = start(Map.of());
        store.change(Map.of("QueueLimit", 5, "Lazy", true, "AffinityMode", "none"), ADA);

        assertThat(store.save(List.of(), ADA))
                .extracting(ParameterChange::attribute)
                .containsExactlyInAnyOrder("QueueLimit", "Lazy", "AffinityMode");

        assertThat(store.save(List.of(), ADA)).isEmpty();
        assertThat(start(Map.of()).current()).isEqualTo(store.current());
    }

    @Test
    void reverting_sets_what_is_configured_and_forgets_what_was_saved() {
        ParameterStore store = start(Map.of());
        store.change(Map.of("QueueLimit", 5, "StartBatch", 3), ADA);
        store.save(List.of(), ADA);

        List<ParameterChange> reverted = store.revert(List.of(), ADA);

        assertThat(reverted)
                .extracting(ParameterChange::toString)
                .containsExactlyInAnyOrder("StartBatch: 3 -> 8 workers, at once", "QueueLimit: 5 -> 70 calls, at once");
        assertThat(start(Map.of()).current()).isEqualTo(store.current());
        assertThat(view(store, "QueueLimit").savedValue()).isNull();
    }

    @Test
    void a_value_that_was_changed_back_is_forgotten_when_all_is_saved() {
        ParameterStore store = start(Map.of());
        store.change(Map.of("QueueLimit", 5), ADA);
        store.save(List.of(), ADA);
        store.change(Map.of("QueueLimit", 70), ADA);

        assertThat(store.save(List.of(), ADA))
                .containsExactly(new ParameterChange("QueueLimit", 5L, null, "calls", "at once"));

        assertThat(start(Map.of()).current().value(PoolParameter.QUEUE_LIMIT)).isEqualTo(70);
    }

    @Test
    void a_property_is_stronger_than_what_was_saved_and_cannot_be_saved() {
        ParameterStore before = start(Map.of());
        before.change(Map.of("QueueLimit", 5), ADA);
        before.save(List.of(), ADA);

        ParameterStore store = start(Map.of("vivarium.pools.default.limits.queue", "9"));

        assertThat(store.current().value(PoolParameter.QUEUE_LIMIT)).isEqualTo(9);
        assertThat(view(store, "QueueLimit").savable()).isFalse();
        store.change(Map.of("QueueLimit", 6), ADA);
        assertThatThrownBy(() -> store.save(List.of(), ADA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("QueueLimit cannot be saved: after a restart system property"
                        + " vivarium.pools.default.limits.queue sets it again; change it there, or save others by their"
                        + " names");
        assertThat(records().get(0).outcome()).isEqualTo(ChangeRecord.REFUSED);
    }

    @Test
    void a_saved_value_that_does_not_fit_any_more_is_left_out() throws Exception {
        ParameterStore store = start(Map.of());
        store.change(Map.of("MaximumWorkers", 2), ADA);
        store.save(List.of(), ADA);

        write("vivarium.pools.default.workers { minimum = 3, maximum = 6 }");

        assertThat(start(Map.of()).current().value(PoolParameter.MAXIMUM_WORKERS))
                .isEqualTo(6);
    }

    @Test
    void what_is_saved_is_in_the_change_log_with_who_and_why() {
        ParameterStore store = start(Map.of());
        store.change(Map.of("QueueLimit", 5), ADA);
        store.save(List.of(), ADA);
        store.revert(List.of("QueueLimit"), ADA);

        assertThat(records()).extracting(each -> each.change().kind()).containsExactly("revert", "save", "configure");
        assertThat(records()).allSatisfy(each -> {
            assertThat(each.change().actor().name()).isEqualTo("ada");
            assertThat(each.change().reason()).isEqualTo("load test");
        });
    }

    @Test
    void nothing_is_saved_where_it_cannot_be_written() throws Exception {
        ParameterStore store = start(Map.of());
        store.change(Map.of("QueueLimit", 5), ADA);
        Files.writeString(home.resolve("state/parameters.json"), "{");

        assertThatThrownBy(() -> store.save(List.of(), ADA))
                .isInstanceOf(PythonException.class)
                .hasMessageContaining("parameters.json is damaged");
        assertThat(view(store, "QueueLimit").savedValue()).isNull();
        assertThat(records().get(0).outcome()).isEqualTo(ChangeRecord.REFUSED);
    }

    @Test
    void a_reload_touches_only_what_the_file_has_changed() throws Exception {
        ParameterStore store = start(Map.of());
        store.change(Map.of("StartBatch", 3), ADA);

        write(FILE.replace("70", "71"));
        List<ParameterChange> made = store.reload(read(Map.of()));

        assertThat(made).containsExactly(new ParameterChange("QueueLimit", 70L, 71L, "calls", "at once"));
        assertThat(store.current().value(PoolParameter.START_BATCH)).isEqualTo(3);
        ChangeRecord record = records().get(0);
        assertThat(record.change().actor().origin()).isEqualTo("file");
        assertThat(record.change().actor().address()).isEqualTo(home.resolve("vivarium.conf") + ":1");
    }

    @Test
    void a_conflict_goes_to_the_file_and_into_the_change_log() throws Exception {
        ParameterStore store = start(Map.of());
        store.change(Map.of("QueueLimit", 5), ADA);
        store.save(List.of(), ADA);

        write(FILE.replace("70", "71"));
        store.reload(read(Map.of()));

        assertThat(store.current().value(PoolParameter.QUEUE_LIMIT)).isEqualTo(71);
        assertThat(start(Map.of()).current().value(PoolParameter.QUEUE_LIMIT)).isEqualTo(71);
        assertThat(records().get(0).change().reason()).isEqualTo("gives up the saved value 5");
    }

    @Test
    void if_what_was_changed_does_not_fit_the_file_any_more_all_of_the_file_holds() throws Exception {
        ParameterStore store = start(Map.of());
        store.change(Map.of("MaximumWorkers", 2, "StartBatch", 3), ADA);

        write("vivarium.pools.default.workers { minimum = 3, maximum = 4 }");
        store.reload(read(Map.of()));

        assertThat(store.current().value(PoolParameter.MINIMUM_WORKERS)).isEqualTo(3);
        assertThat(store.current().value(PoolParameter.MAXIMUM_WORKERS)).isEqualTo(4);
        assertThat(store.current().value(PoolParameter.START_BATCH)).isEqualTo(8);
    }

    @Test
    void a_profile_sets_what_the_file_does_not_and_the_way_back_is_known() throws Exception {
        write("vivarium.pools.default { limits.queue = 70 }");
        ParameterStore store = start(Map.of());
        PoolSettings balanced = store.current();

        List<ParameterChange> made = store.change(Map.of("Profile", "resource-constrained", "StartBatch", 2), ADA);

        assertThat(made)
                .extracting(ParameterChange::attribute)
                .contains("Profile", "MaximumWorkers", "Lazy")
                .doesNotContain("QueueLimit");
        assertThat(store.current().value(PoolParameter.MAXIMUM_WORKERS)).isEqualTo(2);
        assertThat(store.current().value(PoolParameter.START_BATCH)).isEqualTo(2);
        store.save(List.of(), ADA);
        assertThat(start(Map.of()).current()).isEqualTo(store.current());
        store.change(Map.of("Profile", "balanced"), ADA);
        assertThat(store.current()).isEqualTo(balanced);
    }
}
