package org.vivarium.core.process.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** Where a dump ends. */
class StackReaderTest {
    private final Deque<Runnable> afterPause = new ArrayDeque<>();
    private final StackReader reader = new StackReader(afterPause::add);

    @Test
    void a_form_feed_closes_a_dump() {
        var dump = reader.next();
        come("Thread 1\n");
        assertThat(dump).isNotDone();
        come("  File\n\f");

        assertThat(dump).isCompletedWithValue("Thread 1\n  File\n");
    }

    @Test
    void a_pause_closes_a_dump_of_a_process_that_runs_no_python_code() {
        var dump = reader.next();
        come("Thread 1\n");
        come("  File\n");
        pause();
        assertThat(dump).as("more had come meanwhile").isNotDone();
        pause();

        assertThat(dump).isCompletedWithValue("Thread 1\n  File\n");
    }

    @Test
    void the_form_feed_that_comes_after_all_is_not_the_end_of_the_next_dump() {
        var first = reader.next();
        come("Thread 1\n");
        pause();
        assertThat(first).isDone();
        var second = reader.next();
        come("\f");
        assertThat(second).isNotDone();
        come("Thread 2\n\f");

        assertThat(second).isCompletedWithValue("Thread 2\n");
    }

    @Test
    void the_end_of_the_process_closes_what_has_come() {
        var dump = reader.next();
        come("Thread 1\n");
        reader.closed("end of file");

        assertThat(dump).isCompletedWithValue("Thread 1\n");
        assertThat(reader.next()).isNotDone();
    }

    @Test
    void a_process_that_ends_without_a_dump_fails_who_waits_for_one() {
        var dump = reader.next();
        reader.closed("end of file");

        assertThat(dump).isCompletedExceptionally();
    }

    private void come(String text) {
        reader.bytes(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void pause() {
        afterPause.remove().run();
    }
}
