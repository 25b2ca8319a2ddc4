package org.vivarium.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.api.Actor;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.testing.fake.FakeRecorder;

class ObjectivesConfigurationTest {
    private static final Path ROOT = Path.of(System.getProperty("vivarium.root"));

    private static Configuration read(String objectives, Map<String, String> properties) {
        String text = "vivarium.pools.p {\n objectives {\n" + objectives + "\n}}";
        return new ConfigurationReader(
                        new ConfigurationSources(text, Optional.empty(), properties, Map.of(), Path.of("/examples")))
                .read();
    }

    private static List<Objective> objectives(String text) {
        Configuration configuration = read(text, Map.of());
        assertThat(configuration.brokenPools()).isEmpty();
        return configuration.pools().get(0).objectives();
    }

    @Test
    void an_objective_has_the_targets_that_it_names() {
        List<Objective> read = objectives("""
                "*" { duration = 1.5 s, availability = 0.999 }
                echo { success-ratio = 0.8 }
                "prep*" { duration = 2 s, quantile = 0.99 }
                gone = null
                """);

        assertThat(read).extracting(Objective::name).containsExactly("*", "echo", "prep*");
        Objective pool = read.get(0);
        assertThat(pool.target(ObjectiveTarget.DURATION)).isEqualTo(1_500);
        assertThat(pool.target(ObjectiveTarget.QUANTILE)).isEqualTo(0.95);
        assertThat(pool.target(ObjectiveTarget.AVAILABILITY)).isEqualTo(0.999);
        assertThat(pool.target(ObjectiveTarget.SUCCESS_RATIO)).isNaN();
        assertThat(read.get(1).target(ObjectiveTarget.QUANTILE)).isNaN();
        assertThat(read.get(2).target(ObjectiveTarget.QUANTILE)).isEqualTo(0.99);
    }

    @ParameterizedTest
    @CsvSource({
        "*, anything, true",
        "echo, echo, true",
        "echo, echo2, false",
        "prep*, prep, true",
        "prep*, prepare, true",
        "prep*, pre, false",
        "prep*, a_prep, false",
        "prep.*, prep.x, true",
        "prep.*, prep_x, false",
    })
    void a_name_covers_the_programs_that_fit(String name, String program, boolean covered) {
        assertThat(new Objective(name, Map.of()).covers(program)).isEqualTo(covered);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            echo { duratoin = 2 s }          | objectives."echo".duratoin is not known; did you mean duration?
            echo { duration = 2 }            | objectives."echo".duration must be a time from 1 ms to 86400000 ms, with its unit (us, ms, s, m, h), such as "2 s", was "2"
            echo { duration = 0 ms }         | was "0 ms"
            echo { duration = 2 parsecs }    | was "2 parsecs"
            echo { success-ratio = 80 }      | objectives."echo".success-ratio must be a number from 0.01 to 0.99999, was "80"
            echo { success-ratio = 80 % }    | was "80 %"
            echo { availability = 1 }        | objectives."echo".availability must be a number from 0.01 to 0.99999, was "1"
            echo { availability = NaN }      | was "NaN"
            echo { duration = 2 s, quantile = 0.4 } | objectives."echo".quantile must be a number from 0.5 to 0.999, was "0.4"
            echo { quantile = 0.9 }          | objectives."echo" has a quantile, but no duration
            echo { }                         | objectives."echo" must have at least one of duration, success-ratio, availability
            echo = 2 s                       | objectives."echo" must be a group { … }, was "2 s"
            echo.fast { duration = 2 s }     | objectives."echo".fast is not known; known are availability, duration, quantile, success-ratio; put the name of a program with a dot in quotes
            "a*b" { duration = 2 s }         | objectives."a*b" matches no program
            "a b" { duration = 2 s }         | objectives."a b" matches no program
            """)
    void a_mistake_says_where_it_is_and_what_is_allowed(String line, String complaint) {
        assertThat(read(line, Map.of()).brokenPools().get("p"))
                .startsWith("vivarium.conf (built in):3: vivarium.pools.p.")
                .contains(complaint);
    }

    @Test
    void there_is_a_most_of_them() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 65; i++) {
            many.append("p").append(i).append(" { duration = 1 s }\n");
        }
        assertThat(read(many.toString(), Map.of()).brokenPools().get("p"))
                .contains("must be at most 64 objectives, were 65");
    }

    @Test
    void a_mistyped_group_is_suggested() {
        Configuration configuration = new ConfigurationReader(new ConfigurationSources(
                        "vivarium.pools.p.objectivs {}", Optional.empty(), Map.of(), Map.of(), Path.of("/examples")))
                .read();
        assertThat(configuration.brokenPools().get("p")).contains("objectivs is not known; did you mean objectives?");
    }

    @Test
    void a_system_property_changes_a_target() {
        Configuration read = read(
                "echo { duration = 2 s }\n\"*\" { duration = 1 s }",
                Map.of(
                        "vivarium.pools.p.objectives.echo.duration", "3 s",
                        "vivarium.pools.p.objectives.\"*\".availability", "0.99"));

        assertThat(read.pools().get(0).objectives().get(0).target(ObjectiveTarget.AVAILABILITY))
                .isEqualTo(0.99);
        assertThat(read.pools().get(0).objectives().get(1).target(ObjectiveTarget.DURATION))
                .isEqualTo(3_000);
    }

    @Test
    void targets_change_all_or_none_and_each_change_is_told() {
        ObjectiveStore store =
                new ObjectiveStore("p", objectives("\"prep.*\" { duration = 2 s, success-ratio = 0.8 }"));
        List<String> told = new ArrayList<>();
        store.listen((target, from, to, actor) -> told.add(target + ' ' + from + ' ' + to + ' ' + actor.origin()));
        Actor actor = new Actor("somebody", "jmx");

        store.change(Map.of("prep.*.DurationMillis", 500L), actor);
        store.change(Map.of("prep.*.DurationMillis", 500.0), actor);

        assertThat(told).containsExactly("prep.*.DurationMillis 2000.0 500.0 jmx");
        assertThat(store.targets())
                .containsExactly(
                        Map.entry("prep.*.DurationMillis", 500.0),
                        Map.entry("prep.*.Quantile", 0.95),
                        Map.entry("prep.*.SuccessRatio", 0.8));
        assertThatThrownBy(() -> store.change(
                        new java.util.TreeMap<>(Map.of("prep.*.DurationMillis", 1, "prep.*.SuccessRatio", 1.5)), actor))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prep.*.SuccessRatio must be a number from 0.01 to 0.99999, was 1.5");
        assertThat(store.value("prep.*.DurationMillis")).isEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            prep.DurationMillis  | pool p has no target prep.DurationMillis; did you mean prep*.DurationMillis?
            prep*.Availability   | pool p has no target prep*.Availability
            prep*                | pool p has no target prep*
            """)
    void a_target_that_is_not_there_cannot_be_changed(String target, String complaint) {
        ObjectiveStore store = new ObjectiveStore("p", objectives("\"prep*\" { duration = 2 s }"));

        assertThatThrownBy(() -> store.change(Map.of(target, 1), Actor.SERVICE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(complaint);
    }

    @Test
    void what_is_saved_holds_after_a_restart_and_what_is_reverted_does_not() {
        SavedValues saved = SavedValues.inMemory();
        List<Objective> file = objectives("\"prep*\" { duration = 2 s, success-ratio = 0.8 }");
        FakeRecorder recorder = new FakeRecorder();
        ObjectiveStore store = new ObjectiveStore("p", file, recorder, saved);
        store.change(Map.of("prep*.DurationMillis", 500, "prep*.Quantile", 0.99), Actor.SERVICE);

        assertThat(store.save(List.of("prep*.DurationMillis"), Actor.SERVICE))
                .extracting(Object::toString)
                .containsExactly("prep*.DurationMillis: null -> 500.0 ms, at once");
        assertThat(store.save(List.of("prep*.DurationMillis"), Actor.SERVICE)).isEmpty();
        store = new ObjectiveStore("p", file, recorder, saved);
        assertThat(store.targets()).containsEntry("prep*.DurationMillis", 500.0).containsEntry("prep*.Quantile", 0.95);
        assertThat(store.differences())
                .extracting(Object::toString)
                .containsExactly("prep*.DurationMillis: 2000.0 -> 500.0 ms, at once");

        List<String> told = new ArrayList<>();
        store.listen((target, from, to, actor) -> told.add(target + ' ' + from + ' ' + to));
        assertThat(store.revert(List.of(), Actor.SERVICE)).hasSize(1);
        assertThat(told).containsExactly("prep*.DurationMillis 500.0 2000.0");
        assertThat(store.differences()).isEmpty();
        assertThat(saved.of("objectives p")).isEmpty();
        assertThat(recorder.changes())
                .containsExactlyInAnyOrder(
                        "configure objectives.prep*.DurationMillis 2000.0 500.0",
                        "configure objectives.prep*.Quantile 0.95 0.99",
                        "save objectives.prep*.DurationMillis null 500.0",
                        "revert objectives.prep*.DurationMillis 500.0 2000.0");
        ObjectiveStore reverted = store;
        assertThatThrownBy(() -> reverted.save(List.of("prep*.Duration"), Actor.SERVICE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pool p has no target prep*.Duration; did you mean prep*.DurationMillis?");
    }

    @Test
    void a_saved_target_that_is_not_there_or_not_allowed_any_more_is_left_out_with_a_line_in_the_log() {
        SavedValues saved = SavedValues.inMemory();
        saved.change("objectives p", Map.of("gone.DurationMillis", 5, "prep*.Quantile", 7, "prep*.DurationMillis", 9));

        try (org.vivarium.testing.CapturedLog log = new org.vivarium.testing.CapturedLog(ObjectiveStore.class)) {
            ObjectiveStore store =
                    new ObjectiveStore("p", objectives("\"prep*\" { duration = 2 s }"), new FakeRecorder(), saved);

            assertThat(store.targets())
                    .containsEntry("prep*.DurationMillis", 9.0)
                    .containsEntry("prep*.Quantile", 0.95);
            assertThat(log.messages())
                    .containsExactlyInAnyOrder(
                            "WARN the saved gone.DurationMillis of pool p is not used: pool p has no target "
                                    + "gone.DurationMillis; did you mean prep*.DurationMillis?",
                            "WARN the saved prep*.Quantile of pool p is not used: prep*.Quantile must be a number from 0.5 "
                                    + "to 0.999, was 7.0");
        }
    }

    @Test
    void what_is_read_again_touches_only_targets_that_changed_in_the_file() {
        SavedValues saved = SavedValues.inMemory();
        FakeRecorder recorder = new FakeRecorder();
        List<Objective> file = objectives("a { duration = 1 s, success-ratio = 0.8 }, b { duration = 2 s }");
        ObjectiveStore store = new ObjectiveStore("p", file, recorder, saved);
        store.change(Map.of("a.DurationMillis", 10, "b.DurationMillis", 20), Actor.SERVICE);
        store.save(List.of("a.DurationMillis"), Actor.SERVICE);
        List<Objective> other =
                objectives("a { duration = 3 s, success-ratio = 0.8 }, b { duration = 2 s }, c { duration = 1 s }");

        assertThat(store.reload(other)).extracting(ParameterChange::attribute).containsExactly("a.DurationMillis");

        assertThat(store.targets())
                .containsEntry("a.DurationMillis", 3_000.0)
                .containsEntry("b.DurationMillis", 20.0)
                .doesNotContainKey("c.DurationMillis");
        assertThat(saved.of("objectives p")).isEmpty();
        assertThat(store.isOtherThan(other)).isTrue();
        assertThat(store.isOtherThan(file)).isFalse();
        assertThat(store.reload(other))
                .as("the second time nothing has changed")
                .isEmpty();
        assertThat(store.revert(List.of(), Actor.SERVICE)).hasSize(1);
        assertThat(store.targets())
                .containsEntry("a.DurationMillis", 3_000.0)
                .containsEntry("b.DurationMillis", 2_000.0);
    }

    @Test
    void a_change_that_cannot_be_recorded_is_not_made_and_not_saved() {
        SavedValues saved = SavedValues.inMemory();
        FakeRecorder full = new FakeRecorder();
        ObjectiveStore store = new ObjectiveStore("p", objectives("\"prep*\" { duration = 2 s }"), full, saved);
        store.change(Map.of("prep*.DurationMillis", 500), Actor.SERVICE);
        full.refuse(true);

        assertThatThrownBy(() -> store.save(List.of(), Actor.SERVICE)).isInstanceOf(PythonException.class);
        assertThatThrownBy(() -> store.revert(List.of(), Actor.SERVICE)).isInstanceOf(PythonException.class);
        assertThatThrownBy(() -> store.change(Map.of("prep*.DurationMillis", 7), Actor.SERVICE))
                .isInstanceOf(PythonException.class);
        assertThat(store.value("prep*.DurationMillis")).isEqualTo(500);
        assertThat(saved.of("objectives p")).isEmpty();
    }

    @Test
    void a_listener_that_fails_spoils_nothing() {
        ObjectiveStore store = new ObjectiveStore("p", objectives("\"prep*\" { duration = 2 s }"));
        store.listen((target, from, to, actor) -> {
            throw new IllegalStateException("no");
        });
        try (org.vivarium.testing.CapturedLog log = new org.vivarium.testing.CapturedLog(ObjectiveStore.class)) {
            store.change(Map.of("prep*.DurationMillis", 3), Actor.SERVICE);

            assertThat(log.messages())
                    .containsExactly(
                            "ERROR a listener failed on a change of the objectives of pool p; the change is kept");
        }
        assertThat(store.value("prep*.DurationMillis")).isEqualTo(3);
    }

    @Test
    void the_examples_of_both_documents_are_right_and_the_same() throws IOException {
        String built =
                example(Files.readString(ROOT.resolve("config/vivarium.conf")).replaceAll("(?m)^ *# ?", ""));
        String document = example(Files.readString(ROOT.resolve("docs/CONFIGURATION.md")));

        assertThat(objectives(built)).hasSize(4).isEqualTo(objectives(document));
    }

    /** Returns what stands between the braces of the first group of objectives with something in it. */
    private static String example(String text) {
        int start = text.indexOf("{", text.indexOf("objectives {\n"));
        return text.substring(start + 1, end(text, start));
    }

    private static int end(String text, int start) {
        int depth = 0;
        for (int i = start; ; i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
    }
}
