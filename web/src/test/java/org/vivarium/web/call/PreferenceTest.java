package org.vivarium.web.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferenceTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            none                                                | JSON
            ''                                                  | JSON
            */*                                                 | JSON
            application/json                                    | JSON
            Application/JSON; charset=utf-8                     | JSON
            text/event-stream                                   | EVENTS
            text/event-stream, application/json                 | EVENTS
            application/json, text/event-stream                 | JSON
            application/json;q=0.5, text/event-stream           | EVENTS
            text/html, application/xhtml+xml, */*;q=0.8         | JSON
            text/html                                           | OTHER
            application/json;q=0                                | OTHER
            application/json;q=1.2.3                            | OTHER
            """)
    void the_best_of_what_is_accepted_is_chosen(String accept, Preference expected) {
        assertThat(Preference.of(accept)).isEqualTo(expected);
    }
}
