package org.vivarium.api.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EventFilterTest {

    @Test
    void by_default_only_events_on_request_are_left_out() {
        assertThat(Arrays.stream(EventType.values()).filter(type -> !EventFilter.DEFAULT.wants(type)))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(EventType.values())
                        .filter(EventType::isOnRequest)
                        .toList());
    }

    @Test
    void a_pattern_is_a_name_or_its_beginning_with_or_without_a_star() {
        for (String pattern : new String[] {"worker.health_check", "worker.health_check.*"}) {
            assertThat(Arrays.stream(EventType.values()).filter(EventFilter.parse(pattern)::wants))
                    .containsExactly(
                            EventType.WORKER_HEALTH_CHECK_START,
                            EventType.WORKER_HEALTH_CHECK_STOP,
                            EventType.WORKER_HEALTH_CHECK_EXCEPTION);
        }
    }

    @Test
    void what_is_taken_away_stays_away_wherever_it_stands() {
        EventFilter filter = EventFilter.parse("-call.start, *");

        assertThat(filter.wants(EventType.CALL_START)).isFalse();
        assertThat(filter.wants(EventType.CALL_STOP)).isTrue();
        assertThat(filter).hasToString("-call.start, *");
    }

    @Test
    void no_pattern_is_no_event() {
        assertThat(Arrays.stream(EventType.values()).filter(EventFilter.parse(" ")::wants))
                .isEmpty();
    }

    @Test
    void a_pattern_that_stands_for_nothing_is_refused_with_what_is_allowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventFilter.parse("*, call.stopp"))
                .withMessageStartingWith("\"call.stopp\" matches no event; use *, a name or its beginning")
                .withMessageContaining("call.stop,");
    }
}
