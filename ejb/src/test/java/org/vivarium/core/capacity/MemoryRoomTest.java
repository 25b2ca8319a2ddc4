package org.vivarium.core.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.core.capacity.MemoryRoom.Need;

class MemoryRoomTest {
    private static final long MEBIBYTE = 1 << 20;

    @ParameterizedTest
    @CsvSource({
        "350, 0, 0, 100, 3",
        "350, 0, 0, 60, 4",
        "100, 0, 0, 100, 1",
        "99, 0, 0, 100, 0",
        "99, 1, 0, 100, 1",
        "350, 0, 2, 100, 1",
        "350, 0, 5, 100, 0",
        "0, 0, 0, 100, 0",
        "0, 0, 0, 0, 4",
        "-1, 0, 9, 100, 4",
    })
    void as_many_workers_fit_as_have_what_they_need_beside_those_that_start(
            long free, long ending, int starting, long need, int fitting) {
        assertThat(room(free, ending, starting, need).fitting(4)).isEqualTo(fitting);
    }

    @Test
    void the_reason_names_need_and_rest() {
        assertThat(room(250, 50, 2, 300).inWords())
                .isEqualTo(
                        "a worker needs 300 MiB (HardMemoryMegabytes), and 300 MiB of the memory of the container are free, of which 2 that are starting take a part");
        assertThat(room(99, 0, 0, 100).inWords())
                .isEqualTo(
                        "a worker needs 100 MiB (HardMemoryMegabytes), and 99 MiB of the memory of the container are free");
    }

    private static MemoryRoom room(long free, long ending, int starting, long need) {
        return new MemoryRoom(
                free < 0 ? MemoryRoom.NO_LIMIT : free * MEBIBYTE,
                ending * MEBIBYTE,
                starting,
                new Need(need * MEBIBYTE, "HardMemoryMegabytes"));
    }
}
