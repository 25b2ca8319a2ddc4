package org.vivarium.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vivarium.api.Actor;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.settings.ParameterView;
import org.vivarium.core.log.Audit;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.fake.FakeRecorder;

class ParameterStoreTest {
    private static final Actor ACTOR = new Actor("ada", "jmx");

    private final ParameterStore store = new ParameterStore("default", PoolSettings.DEFAULT);

    @Test
    void a_change_is_visible_at_once_and_told_afterwards_with_who_did_it() {
        List<String> told = new ArrayList<>();
        store.listen((before, after, actor) -> told.add(before.value(PoolParameter.QUEUE_LIMIT) + " -> "
                + store.current().value(PoolParameter.QUEUE_LIMIT) + " by " + actor.name()));

        store.change(Map.of("QueueLimit", 5), ACTOR);
        PoolSettings after = store.current();

        assertThat(after.integer(PoolParameter.QUEUE_LIMIT)).isEqualTo(5);
        assertThat(store.current()).isSameAs(after);
        assertThat(told).containsExactly("1000 -> 5 by ada");
    }

    @Test
    void each_parameter_that_changes_or_is_refused_leaves_a_line_with_who_did_it_and_both_values() {
        try (CapturedLog audit = new CapturedLog(Audit.LOGGER)) {
            store.change(Map.of("QueueLimit", 5, "AffinityMode", "none", "StartBatch", 8), ACTOR);
            assertThatThrownBy(() -> store.change(Map.of("QueueLimit", -1), ACTOR))
                    .isInstanceOf(IllegalArgumentException.class);

            String by = "INFO action=configure actor=ada door=jmx pool=default parameter=";
            assertThat(audit.messages())
                    .containsExactlyInAnyOrder(
                            by + "QueueLimit from=1000 to=5",
                            by + "AffinityMode from=prefer to=none",
                            by + "QueueLimit from=5 to=-1 outcome=refused message=\"QueueLimit must be a whole number"
                                    + " from 0 to 100000 calls, was -1\"");
        }
    }

    @Test
    void a_change_that_cannot_be_recorded_is_not_made_and_nobody_hears_of_it() {
        FakeRecorder full = new FakeRecorder();
        ParameterStore recorded = new ParameterStore("default", PoolSettings.DEFAULT, full);
        List<Actor> told = new ArrayList<>();
        recorded.listen((before, after, actor) -> told.add(actor));
        full.refuse(true);

        assertThatThrownBy(() -> recorded.change(Map.of("QueueLimit", 5), ACTOR))
                .isInstanceOf(PythonException.class)
                .hasMessage("the change was not made, because it cannot be recorded: the disk is full");
        assertThat(recorded.current()).isEqualTo(PoolSettings.DEFAULT);
        assertThat(told).isEmpty();

        full.refuse(false);
        recorded.change(Map.of("QueueLimit", 5, "StartBatch", 4), ACTOR);
        assertThat(told).hasSize(1);
        assertThat(full.changes()).containsExactlyInAnyOrder("configure QueueLimit 1000 5", "configure StartBatch 8 4");
    }

    @Test
    void a_change_is_recorded_before_anybody_can_see_it() {
        List<Long> seen = new ArrayList<>();
        FakeRecorder recorder = new FakeRecorder();
        ParameterStore recorded = new ParameterStore("default", PoolSettings.DEFAULT, recorder);
        recorder.listen(() -> seen.add(recorded.current().value(PoolParameter.QUEUE_LIMIT)));

        recorded.change(Map.of("QueueLimit", 5), ACTOR);

        assertThat(seen).containsExactly(1_000L);
    }

    @Test
    void an_unknown_parameter_and_a_refused_value_are_recorded_with_the_sentence() {
        FakeRecorder recorder = new FakeRecorder();
        ParameterStore recorded = new ParameterStore("default", PoolSettings.DEFAULT, recorder);

        for (Map<String, ?> bad : List.of(Map.of("QueueLimits", 5), Map.of("QueueLimit", "many"))) {
            assertThatThrownBy(() -> recorded.change(bad, ACTOR)).isInstanceOf(IllegalArgumentException.class);
        }

        assertThat(recorder.changes())
                .containsExactly(
                        "configure QueueLimits null 5 REFUSED there is no parameter QueueLimits; did you mean QueueLimit?",
                        "configure QueueLimit 1000 many REFUSED QueueLimit must be a whole number from 0 to 100000 calls,"
                                + " was the text \"many\"");
    }

    @Test
    void a_change_that_changes_nothing_is_not_told() {
        List<Actor> told = new ArrayList<>();
        store.listen((before, after, actor) -> told.add(actor));

        store.change(Map.of("QueueLimit", 1_000L), ACTOR);

        assertThat(told).isEmpty();
    }

    @Test
    void minimum_and_maximum_changed_together_are_judged_on_the_result() {
        store.change(Map.of("MinimumWorkers", 10, "MaximumWorkers", 12), ACTOR);
        assertThat(store.current().integer(PoolParameter.MINIMUM_WORKERS)).isEqualTo(10);

        assertThatThrownBy(() -> store.change(Map.of("MaximumWorkers", 9), ACTOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("MinimumWorkers must be at most MaximumWorkers, was 10 with MaximumWorkers 9");
    }

    @Test
    void more_slots_than_a_pool_has_places_for_are_refused_whichever_number_is_changed() {
        store.change(Map.of("SlotsPerWorker", 64, "MaximumWorkers", 14), ACTOR);

        for (String one : List.of("MaximumWorkers", "Overflow", "MaximumReplacements")) {
            assertThatThrownBy(() -> store.change(Map.of(one, 15), ACTOR))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("SlotsPerWorker times the sum of MaximumWorkers, Overflow and"
                            + " MaximumReplacements must be at most 1024, was 64 * (");
        }
        assertThat(store.current().integer(PoolParameter.MAXIMUM_WORKERS)).isEqualTo(14);
    }

    @Test
    void one_refused_value_refuses_all() {
        assertThatThrownBy(() -> store.change(Map.of("QueueLimit", 7, "CheckoutTimeoutMillis", 0), ACTOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("CheckoutTimeoutMillis must be a whole number from 1 to 3600000 ms, was 0");
        assertThat(store.current()).isEqualTo(PoolSettings.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.5, Double.NaN, Double.POSITIVE_INFINITY, 1e300})
    void a_number_that_is_not_whole_is_refused(double value) {
        assertThatThrownBy(() -> store.change(Map.of("QueueLimit", value), ACTOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("QueueLimit must be a whole number from 0 to 100000 calls, was " + value);
    }

    @Test
    void text_is_refused_and_a_mistyped_attribute_gets_a_suggestion() {
        assertThatThrownBy(() -> store.change(Map.of("QueueLimit", "5"), ACTOR))
                .hasMessageEndingWith("was the text \"5\"");
        assertThatThrownBy(() -> store.change(Map.of("QueueLimits", 5), ACTOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no parameter QueueLimits; did you mean QueueLimit?");
    }

    @Test
    void a_switch_is_a_boolean_and_nothing_else() {
        store.change(Map.of("Lazy", true), ACTOR);

        ParameterView lazy = view("Lazy");
        assertThat(List.of(lazy.value(), lazy.fileValue(), lazy.unit())).containsExactly(true, false, "");
        assertThat(lazy.minimum()).isNull();
        assertThat(lazy.choices()).isEmpty();
        assertThatThrownBy(() -> store.change(Map.of("Lazy", 1), ACTOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Lazy must be true or false, was 1");
        assertThatThrownBy(() -> store.change(Map.of("Lazy", "true"), ACTOR))
                .hasMessage("Lazy must be true or false, was the text \"true\"");
    }

    @Test
    void a_limit_of_processor_time_that_could_not_be_kept_is_refused_whichever_parameter_is_changed() {
        String why =
                "CpuLimitMillis must be 0 while SlotsPerWorker is above 1, because a worker cannot tell which of its calls"
                        + " uses the processor, was 500 with SlotsPerWorker 4";

        assertThatThrownBy(() -> store.change(Map.of("CpuLimitMillis", 500, "SlotsPerWorker", 4), ACTOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
        store.change(Map.of("CpuLimitMillis", 500), ACTOR);
        assertThatThrownBy(() -> store.change(Map.of("SlotsPerWorker", 4), ACTOR))
                .hasMessage(why);
        store.change(Map.of("CpuLimitMillis", 0, "SlotsPerWorker", 4), ACTOR);
        assertThatThrownBy(() -> store.change(Map.of("CpuLimitMillis", 500), ACTOR))
                .hasMessage(why);
    }

    @Test
    void the_level_of_python_is_a_name_outside_and_pythons_number_inside() {
        assertThat(store.current().pythonLogLevel()).isEqualTo(20);

        store.change(Map.of("PythonLogLevel", "debug"), ACTOR);
        assertThat(store.current().pythonLogLevel()).isEqualTo(10);
        store.change(Map.of("PythonLogLevel", "error"), ACTOR);
        assertThat(store.current().pythonLogLevel()).isEqualTo(40);
        assertThatThrownBy(() -> store.change(Map.of("PythonLogLevel", "trace"), ACTOR))
                .hasMessage("PythonLogLevel must be debug, info, warning or error, was the text \"trace\"");
    }

    @Test
    void the_view_tells_value_range_and_what_differs_from_the_file() {
        store.change(Map.of("QueueLimit", 5), ACTOR);

        ParameterView limit = view("QueueLimit");
        assertThat(limit.value()).isEqualTo(5L);
        assertThat(limit.fileValue()).isEqualTo(1_000L);
        assertThat(limit.maximum()).isEqualTo(100_000L);
        assertThat(limit.differsFromFile()).isTrue();
        assertThat(store.view()).filteredOn(ParameterView::differsFromFile).hasSize(1);
    }

    private ParameterView view(String attribute) {
        return store.view().stream()
                .filter(view -> view.attribute().equals(attribute))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_failing_listener_is_logged_and_neither_stops_the_change_nor_the_next_listener() {
        List<Actor> told = new ArrayList<>();
        store.listen((before, after, actor) -> {
            throw new IllegalStateException("boom");
        });
        store.listen((before, after, actor) -> told.add(actor));

        try (CapturedLog log = new CapturedLog(SettingsStore.class)) {
            store.change(Map.of("QueueLimit", 5), ACTOR);
            assertThat(log.messages())
                    .containsExactly(
                            "ERROR a listener failed on a change of the parameters of pool default; the change is kept");
        }
        assertThat(told).containsExactly(ACTOR);
    }

    @Test
    void racing_changes_of_different_parameters_are_all_kept() {
        List<String> attributes = List.of("QueueLimit", "StartBatch", "RestartLimit", "MaximumHealthFailures");

        IntStream.range(0, 2_000)
                .parallel()
                .forEach(i -> store.change(Map.of(attributes.get(i % 4), 1 + i / 40), ACTOR));
        attributes.parallelStream().forEach(attribute -> store.change(Map.of(attribute, 60), ACTOR));

        assertThat(store.view())
                .filteredOn(view -> attributes.contains(view.attribute()))
                .extracting(ParameterView::value)
                .containsOnly(60L);
    }
}
