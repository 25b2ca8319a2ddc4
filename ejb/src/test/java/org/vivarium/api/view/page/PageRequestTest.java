package org.vivarium.api.view.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageRequestTest {
    @Test
    void without_parameters_it_is_the_first_page_of_a_hundred() {
        assertThat(PageRequest.parse(null, null)).isEqualTo(new PageRequest(null, 100));
        assertThat(PageRequest.parse("", " ")).isEqualTo(PageRequest.FIRST);
        assertThat(PageRequest.parse(" 17 ", "1000")).isEqualTo(new PageRequest("17", 1_000));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1001, 1001", "-1, -1", "ten, the text \"ten\"", "99999999999, the text \"99999999999\""})
    void a_limit_out_of_range_is_refused_with_what_is_allowed(String limit, String described) {
        assertThatThrownBy(() -> PageRequest.parse(null, limit))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit must be a whole number from 1 to 1000, was " + described);
    }

    @Test
    void a_page_names_the_next_only_if_there_is_one() {
        Page<Integer> first = Page.first(Stream.of(5, 3, 9, 1), Comparator.naturalOrder(), 3, String::valueOf);
        assertThat(first).isEqualTo(new Page<>(List.of(1, 3, 5), "5"));

        Page<Integer> last = Page.first(Stream.of(9, 7), Comparator.naturalOrder(), 2, String::valueOf);
        assertThat(last).isEqualTo(new Page<>(List.of(7, 9), null));
        assertThat(Page.first(Stream.<Integer>of(), Comparator.naturalOrder(), 2, String::valueOf)
                        .items())
                .isEmpty();
    }
}
