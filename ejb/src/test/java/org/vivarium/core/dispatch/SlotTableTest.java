package org.vivarium.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlotTableTest {
    private final SlotTable table = new SlotTable();

    @Test
    void a_new_slot_has_a_place_but_is_not_free() {
        Slot slot = added(1).get(0);

        assertThat(table.at(slot.index())).isSameAs(slot);
        assertThat(table.hasFree()).isFalse();
        assertThat(table.claimAny()).isNull();
        assertThat(table.claimAt(slot.index())).isNull();
    }

    @Test
    void a_free_slot_can_be_claimed_once() {
        Slot slot = added(1).get(0);
        table.setFree(slot);

        assertThat(table.claimAt(slot.index())).isSameAs(slot);
        assertThat(table.claimAt(slot.index())).isNull();
        assertThat(table.hasFree()).isFalse();
    }

    @Test
    void the_lowest_free_slot_comes_first_and_then_the_one_that_the_thread_had_last() {
        List<Slot> slots = added(70);
        List.of(65, 3, 40).forEach(index -> table.setFree(slots.get(index)));

        assertThat(table.claimAny()).isSameAs(slots.get(3));
        assertThat(table.claimAny()).isSameAs(slots.get(40));
        assertThat(table.claimAny()).isSameAs(slots.get(65));

        List.of(3, 40, 65).forEach(index -> table.setFree(slots.get(index)));
        assertThat(table.claimAny()).as("still warm for this thread").isSameAs(slots.get(65));
    }

    @Test
    void first_slots_of_all_workers_come_before_their_second_ones() {
        List<Slot> one = TestSlots.worker(3);
        List<Slot> other = TestSlots.worker(3);
        one.forEach(table::add);
        other.forEach(table::add);
        one.forEach(table::setFree);
        other.forEach(table::setFree);

        assertThat(TestSlots.claimAll(table))
                .containsExactly(one.get(0), other.get(0), one.get(1), other.get(1), one.get(2), other.get(2));
    }

    @Test
    void the_last_places_are_found_whatever_the_number_of_the_slot() {
        for (int worker = 0; worker < 16; worker++) {
            TestSlots.worker(63).forEach(table::add);
        }
        assertThat(table.hasRoomFor(16)).isTrue();
        assertThat(table.hasRoomFor(17)).isFalse();
        List<Slot> last = TestSlots.worker(16);
        last.forEach(table::add);

        assertThat(table.hasRoomFor(1)).isFalse();
        assertThat(table.slots()).hasSize(SlotTable.CAPACITY).doesNotHaveDuplicates();
        table.remove(last.get(3));
        table.remove(last.get(3));
        assertThat(table.hasRoomFor(1)).isTrue();
        assertThat(table.hasRoomFor(2)).isFalse();
    }

    @Test
    void the_place_of_a_slot_that_has_gone_is_given_to_the_next() {
        List<Slot> slots = added(3);
        table.remove(slots.get(1));

        assertThat(table.slots()).containsExactly(slots.get(0), slots.get(2));
        Slot next = added(1).get(0);
        assertThat(next.index()).isEqualTo(1);
        assertThat(table.slots()).containsExactly(slots.get(0), next, slots.get(2));
    }

    @Test
    void a_slot_that_is_removed_twice_does_not_take_its_successor_with_it() {
        Slot old = added(1).get(0);
        table.remove(old);
        Slot next = added(1).get(0);

        table.remove(old);

        assertThat(table.at(0)).isSameAs(next);
    }

    @Test
    void a_table_that_is_full_says_how_many_slots_it_has() {
        added(SlotTable.CAPACITY);

        assertThatThrownBy(() -> added(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1024");
    }

    @Test
    void the_last_place_of_all_can_be_freed_and_claimed() {
        Slot last = added(SlotTable.CAPACITY).get(SlotTable.CAPACITY - 1);
        table.setFree(last);

        assertThat(table.claimAny()).isSameAs(last);
    }

    @Property(tries = 200)
    void whatever_is_freed_and_claimed_the_table_agrees_with_a_list_of_booleans(
            @ForAll List<@IntRange(max = 130) Integer> indices) {
        SlotTable fresh = new SlotTable();
        List<Slot> slots =
                IntStream.rangeClosed(0, 130).mapToObj(i -> TestSlots.slot()).toList();
        slots.forEach(fresh::add);
        boolean[] free = new boolean[slots.size()];

        for (int index : indices) {
            if (free[index]) {
                assertThat(fresh.claimAt(slots.get(index).index())).isSameAs(slots.get(index));
            } else {
                assertThat(fresh.claimAt(slots.get(index).index())).isNull();
                fresh.setFree(slots.get(index));
            }
            free[index] = !free[index];
        }

        long expected = IntStream.range(0, free.length).filter(i -> free[i]).count();
        assertThat(fresh.hasFree()).isEqualTo(expected > 0);
        assertThat(TestSlots.claimAll(fresh)).doesNotHaveDuplicates().hasSize((int) expected);
    }

    @Test
    void of_many_threads_that_claim_one_slot_exactly_one_gets_it() {
        Slot slot = added(1).get(0);
        for (int round = 0; round < 2_000; round++) {
            table.setFree(slot);
            AtomicInteger winners = new AtomicInteger();
            IntStream.range(0, 4).parallel().forEach(i -> {
                if ((i % 2 == 0 ? table.claimAt(slot.index()) : table.claimAny()) == slot) {
                    winners.incrementAndGet();
                }
            });
            assertThat(winners).hasValue(1);
        }
    }

    private List<Slot> added(int count) {
        List<Slot> slots =
                IntStream.range(0, count).mapToObj(i -> TestSlots.slot()).toList();
        slots.forEach(table::add);
        return slots;
    }
}
