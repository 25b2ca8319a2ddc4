package org.vivarium.api.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(100);
    private final List<String> told = new ArrayList<>();

    private Reservation request(String name, long bytes) {
        return budget.request(bytes, () -> told.add(name));
    }

    @Test
    void room_that_is_there_is_had_at_once_and_nobody_is_told() {
        assertThat(request("a", 60).isGranted()).isTrue();
        assertThat(budget.used()).isEqualTo(60);
        assertThat(told).isEmpty();
    }

    @Test
    void who_waits_is_served_in_order_and_a_small_one_does_not_overtake_a_large_one() {
        Reservation first = request("a", 60);
        Reservation large = request("large", 70);
        Reservation small = request("small", 10);
        assertThat(large.isGranted()).isFalse();
        assertThat(small.isGranted()).isFalse();
        assertThat(budget.tryReserve(1)).isFalse();
        first.close();
        assertThat(told).containsExactly("large", "small");
        assertThat(budget.used()).isEqualTo(80);
    }

    @Test
    void who_gives_up_makes_way_for_those_behind() {
        request("a", 60);
        Reservation large = request("large", 70);
        request("small", 10);
        large.giveUp();
        assertThat(told).containsExactly("small");
        assertThat(budget.refused()).isEqualTo(1);
        assertThat(budget.used()).isEqualTo(70);
    }

    @Test
    void closing_twice_gives_back_once() {
        Reservation first = request("a", 60);
        request("b", 40);
        first.close();
        first.close();
        assertThat(budget.used()).isEqualTo(40);
    }

    @Test
    void what_is_larger_than_everything_has_it_alone() {
        Reservation small = request("small", 1);
        Reservation huge = request("huge", 1000);
        assertThat(huge.isGranted()).isFalse();
        small.close();
        assertThat(huge.isGranted()).isTrue();
        assertThat(budget.tryReserve(1)).isFalse();
        huge.close();
        assertThat(budget.tryReserve(1)).isTrue();
    }

    @Test
    void what_is_there_already_is_counted_beyond_the_limit() {
        budget.hold(150);
        assertThat(budget.tryReserve(1)).isFalse();
        budget.release(150);
        assertThat(budget.tryReserve(100)).isTrue();
    }

    @Test
    void a_higher_limit_serves_those_who_wait() {
        request("a", 100);
        request("b", 50);
        budget.limit(150);
        assertThat(told).containsExactly("b");
        assertThatThrownBy(() -> budget.limit(0)).hasMessageContaining("at least 1 byte");
    }
}
