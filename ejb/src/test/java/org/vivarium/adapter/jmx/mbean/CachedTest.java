package org.vivarium.adapter.jmx.mbean;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.vivarium.testing.ManualTicker;

class CachedTest {
    private final ManualTicker ticker = new ManualTicker();
    private final AtomicInteger looks = new AtomicInteger();
    private Duration kept = Duration.ofSeconds(1);
    private final Pictures pictures = new Pictures(ticker, () -> kept);
    private final Cached<Integer> cached = pictures.of(looks::incrementAndGet);

    @Test
    void a_picture_is_kept_for_a_second() {
        assertThat(cached.get()).isEqualTo(1);
        ticker.advance(Duration.ofMillis(999));
        assertThat(cached.get()).isEqualTo(1);
        ticker.advance(Duration.ofMillis(1));
        assertThat(cached.get()).isEqualTo(2);

        kept = Duration.ofSeconds(5);
        ticker.advance(Duration.ofMillis(4_999));
        assertThat(cached.get()).as("kept longer, since somebody wants it so").isEqualTo(2);
        kept = Duration.ZERO;
        assertThat(cached.get()).isEqualTo(3);
        assertThat(cached.get()).isEqualTo(4);
    }

    @Test
    void what_was_forgotten_while_somebody_looked_is_not_kept() {
        AtomicReference<Cached<Integer>> changing = new AtomicReference<>();
        Cached<Integer> changed = pictures.of(() -> {
            int look = looks.incrementAndGet();
            if (look == 1) {
                changing.get().forget();
            }
            return look;
        });
        changing.set(changed);

        assertThat(changed.get()).isEqualTo(1);
        assertThat(changed.get()).isEqualTo(2);
        assertThat(changed.get()).isEqualTo(2);
    }

    @Test
    void what_is_read_together_comes_from_one_picture_however_long_it_takes() {
        List<Integer> read = cached.frozen(() -> {
            int first = cached.get();
            cached.forget();
            int nested = cached.frozen(cached::get);
            ticker.advance(Duration.ofSeconds(5));
            return List.of(first, nested, cached.get());
        });

        assertThat(read).containsExactly(1, 1, 1);
        assertThat(cached.get()).isEqualTo(2);
    }
}
