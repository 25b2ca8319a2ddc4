package org.vivarium.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.api.Actor;
import org.vivarium.api.event.EventFilter;
import org.vivarium.api.view.settings.ParameterView;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.fake.FakeRecorder;

/** The parameters of the service: how they are read, changed, saved and reverted. */
class ServiceParameterStoreTest {
    private static final Actor ADA = new Actor("ada", "jmx");

    private final FakeRecorder recorder = new FakeRecorder();
    private final SavedValues saved = SavedValues.inMemory();
    private ServiceParameterStore store = store("");

    @Test
    void nothing_configured_means_the_defaults_and_limits_are_made_of_them() {
        ServiceSettings settings = store.current();

        assertThat(settings).isEqualTo(ServiceSettings.DEFAULT);
        assertThat(settings.events()).hasToString(EventFilter.DEFAULT.toString());
        assertThat(settings.http().inputBytes()).isEqualTo(64 << 20);
        assertThat(settings.http().idempotent().kept()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.logins().failures().perName()).isEqualTo(20);
        assertThat(settings.logins().verified().time()).isEqualTo(Duration.ofDays(7));
        assertThat(store.view())
                .allSatisfy(view -> assertThat(view.source()).isEqualTo("default"))
                .hasSize(ServiceParameter.values().length);
    }

    @Test
    void what_is_derived_from_a_parameter_follows_its_changes() {
        store.change(
                Map.of(
                        "LargestInputsMegabytes",
                        1_024,
                        "LoginSessions",
                        5,
                        "BodyPatienceMillis",
                        2_000,
                        "Events",
                        "call"),
                ADA);

        assertThat(store.current().http().inputBytes()).isEqualTo(1 << 30);
        assertThat(store.current().http().bodyPatience()).isEqualTo(Duration.ofSeconds(2));
        assertThat(store.current().logins().sessions().most()).isEqualTo(5);
        assertThat(store.current().events()).hasToString("call");
    }

    @Test
    void a_text_is_kept_as_it_is_understood_and_refused_with_what_is_wrong() {
        store.change(Map.of("Events", " call.stop ,-worker "), ADA);
        assertThat(view("Events").value()).isEqualTo("call.stop, -worker");
        assertThat(view("Events").minimum()).isNull();

        assertThatThrownBy(() -> store.change(Map.of("Events", "call.begin"), ADA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Events must be a list of patterns of events: \"call.begin\" matches no event");
        assertThatThrownBy(() -> store.change(Map.of("Events", 5), ADA))
                .hasMessage("Events must be a list of patterns of events, was 5");
        assertThat(store.current().text(ServiceParameter.EVENTS)).isEqualTo("call.stop, -worker");
        assertThat(recorder.changes())
                .hasSize(3)
                .last()
                .asString()
                .startsWith("configure Events call.stop, -worker 5 REFUSED");
    }

    @ParameterizedTest
    @CsvSource({
        "FineHistoryMillis, 86400000, MediumHistoryMillis, 3600000",
        "MediumHistoryMillis, 604800000, CoarseHistoryMillis, 900000",
        "IdempotentAnswerMegabytes, 8, IdempotentMegabytes, 7",
    })
    void what_must_not_be_larger_than_another_is_refused_whichever_is_changed(
            String smaller, long value, String larger, long bound) {
        assertThatThrownBy(() -> store.change(Map.of(smaller, value, larger, bound), ADA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "%s must be at most %s, was %d with %s %d".formatted(smaller, larger, value, larger, bound));
        assertThat(store.current()).isEqualTo(ServiceSettings.DEFAULT);
    }

    @Test
    void the_ends_of_all_ranges_are_allowed_and_limits_can_be_made_of_them() {
        Map<ServiceParameter, Object> least = new EnumMap<>(ServiceParameter.class);
        Map<ServiceParameter, Object> most = new EnumMap<>(ServiceParameter.class);
        for (ServiceParameter parameter : ServiceParameter.ALL) {
            if (parameter.allowed().isNumber()) {
                least.put(parameter, parameter.allowed().minimum());
                most.put(parameter, parameter.allowed().maximum());
            }
        }

        assertThat(ServiceSettings.DEFAULT.with(least).http().inputBytes()).isEqualTo(1 << 20);
        assertThat(ServiceSettings.DEFAULT.with(most).http().inputBytes()).isEqualTo(1 << 30);
        assertThat(ServiceSettings.DEFAULT.with(most).bytes(ServiceParameter.TELEMETRY_MEGABYTES))
                .isEqualTo(64L << 30);
    }

    @Test
    void what_is_saved_holds_after_a_restart_and_what_is_reverted_does_not() {
        store.change(Map.of("Events", "call", "LoginSessions", 7, "LargestBodyMegabytes", 2), ADA);

        assertThat(store.save(List.of("Events", "LoginSessions"), ADA))
                .extracting(Object::toString)
                .containsExactly("Events: null -> call, at once", "LoginSessions: null -> 7 sessions, at once");
        store = store("");
        assertThat(List.of(
                        view("Events").value(),
                        view("LoginSessions").value(),
                        view("LargestBodyMegabytes").value()))
                .containsExactly("call", 7L, 1L);
        assertThat(view("Events").savedValue()).isEqualTo("call");
        assertThat(view("Events").differsFromFile()).isTrue();

        assertThat(store.revert(List.of(), ADA)).hasSize(2);
        assertThat(store.current()).isEqualTo(ServiceSettings.DEFAULT);
        assertThat(store("").current()).isEqualTo(ServiceSettings.DEFAULT);
    }

    @Test
    void a_property_is_stronger_than_what_is_saved_and_cannot_be_saved_over() {
        store.change(Map.of("LoginSessions", 7), ADA);
        store.save(List.of(), ADA);

        store = store("", Map.of("vivarium.security.sessions", "9"), Map.of());

        assertThat(view("LoginSessions").value()).isEqualTo(9L);
        assertThat(view("LoginSessions").savable()).isFalse();
        store.change(Map.of("LoginSessions", 10), ADA);
        assertThatThrownBy(() -> store.save(List.of("LoginSessions"), ADA))
                .hasMessage("LoginSessions cannot be saved: after a restart system property vivarium.security.sessions "
                        + "sets it again; change it there, or save others by their names");
    }

    @Test
    void a_saved_value_that_is_not_allowed_any_more_is_left_out_with_a_line_in_the_log() {
        saved.change("service", Map.of("LoginSessions", 0, "Nothing", 5));

        try (CapturedLog log = new CapturedLog(SavedValues.class);
                CapturedLog reader = new CapturedLog(ServiceReader.class)) {
            assertThat(store("").current()).isEqualTo(ServiceSettings.DEFAULT);
            assertThat(log.messages())
                    .containsExactly("WARN the saved Nothing of vivarium is not used: there is no parameter Nothing"
                            + Suggestion.among(attributes(), "Nothing"));
            assertThat(reader.messages())
                    .containsExactly(
                            "WARN what was saved of the parameters of the service is not used: LoginSessions must "
                                    + "be a whole number from 1 to 1000000 sessions, was 0");
        }
    }

    private static List<String> attributes() {
        return ServiceParameter.ALL.list().stream().map(Parameter::attribute).toList();
    }

    @Test
    void what_is_read_again_touches_only_what_changed_in_the_file() {
        store = store("vivarium { http.bodies = 2 MiB, security.sessions = 9 }");
        store.change(Map.of("LargestBodyMegabytes", 5, "LoginSessions", 10), ADA);
        List<String> told = new ArrayList<>();
        store.listen((before, after, actor) ->
                told.add(actor.name() + ' ' + after.http().bodyBytes()));

        store.reload(read("vivarium { http.bodies = 3 MiB, security.sessions = 9 }", Map.of(), Map.of()));

        assertThat(List.of(
                        view("LargestBodyMegabytes").value(),
                        view("LoginSessions").value()))
                .containsExactly(3L, 10L);
        assertThat(told).containsExactly("configuration " + (3 << 20));
    }

    @Test
    void each_parameter_has_a_variable_and_a_property_of_its_path() {
        ServiceSettings settings = read(
                        "",
                        Map.of("vivarium.operations.stacks-timeout", "7 s", "vivarium.history.change-files", "3"),
                        Map.of(
                                "VIVARIUM_SECURITY_SESSION_IDLE_TIME",
                                "1 h",
                                "VIVARIUM_OPERATIONS_STACKS_TIMEOUT",
                                "8 s"))
                .start();

        assertThat(settings.duration(ServiceParameter.STACKS_TIMEOUT)).isEqualTo(Duration.ofSeconds(8));
        assertThat(settings.integer(ServiceParameter.CHANGE_FILES)).isEqualTo(3);
        assertThat(settings.logins().sessions().time()).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http.inputs = 64                     | vivarium.http.inputs must be a whole number from 1 to 1024 MiB, with its unit, such as "64 MiB", was "64"
            http.input = 64 MiB                  | vivarium.http.input is not known; did you mean inputs?
            http = 5                             | vivarium.http must be a group { … }, was "5"
            htp.inputs = 64 MiB                  | vivarium.htp is not known; did you mean http?
            security.sessions = 0                | vivarium.security.sessions must be a whole number from 1 to 1000000 sessions, was "0"
            memory.requests = none               | vivarium.memory.requests must be auto, or a whole number from 1 to 65536 MiB, with its unit
            telemetry.events = [call, wrker]     | vivarium.telemetry.events must be a list of patterns of events: "wrker" matches no event
            history { fine = 2 h, medium = 1 h } | is inconsistent: FineHistoryMillis must be at most MediumHistoryMillis, was 7200000 with MediumHistoryMillis 3600000
            """)
    void a_mistake_is_told_with_its_place_and_what_is_allowed(String text, String complaint) {
        assertThatThrownBy(() -> read("vivarium { " + text + " }", Map.of(), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @CsvSource({"64, 72", "512, 128", "4096, 1024", "1048576, 65536"})
    void the_memory_for_bodies_and_results_is_a_quarter_of_the_heap(long heapMebibytes, long budget) {
        HostSize host = new HostSize(4, heapMebibytes << 20);
        ServiceSettings settings = read("vivarium.memory.requests = auto", host, Map.of(), Map.of())
                .start();

        assertThat(settings.value(ServiceParameter.REQUEST_BUDGET)).isEqualTo(budget);
        assertThat(settings.bytes(ServiceParameter.RESULT_BUDGET)).isEqualTo(budget << 20);
    }

    private ParameterView view(String attribute) {
        return store.view().stream()
                .filter(view -> view.attribute().equals(attribute))
                .findFirst()
                .orElseThrow();
    }

    private ServiceParameterStore store(String text) {
        return store(text, Map.of(), Map.of());
    }

    private ServiceParameterStore store(String text, Map<String, String> properties, Map<String, String> environment) {
        return new ServiceParameterStore(read(text, properties, environment), recorder, saved);
    }

    private Configured<ServiceParameter, ServiceSettings> read(
            String text, Map<String, String> properties, Map<String, String> environment) {
        return read(text, HostSize.STANDARD, properties, environment);
    }

    private Configured<ServiceParameter, ServiceSettings> read(
            String text, HostSize host, Map<String, String> properties, Map<String, String> environment) {
        ConfigurationSources sources = new ConfigurationSources(
                "vivarium.pools.default {}\n" + text, Optional.empty(), properties, environment, Path.of("/examples"));
        return new ConfigurationReader(sources, host, saved).read().service();
    }
}
