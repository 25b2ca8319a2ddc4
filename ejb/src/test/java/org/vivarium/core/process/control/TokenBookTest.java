package org.vivarium.core.process.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.vivarium.core.protocol.Channel;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.testing.ManualTicker;

class TokenBookTest {
    private static final Duration LIFETIME = Duration.ofSeconds(10);

    private final ManualTicker ticker = new ManualTicker();
    private final TokenBook tokens = new TokenBook(ticker, LIFETIME.toNanos());
    private final Expectation expectation = (hello, connection) -> null;

    @Test
    void a_token_leads_to_who_expects_it() throws Exception {
        String token = tokens.issue(expectation);
        tokens.issue((hello, connection) -> null);

        assertThat(tokens.redeem(hello(token, Channel.SIDE, 0))).isSameAs(expectation);
    }

    @Test
    void tokens_are_128_random_bits_in_lower_case_hex() {
        Set<String> issued = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            issued.add(tokens.issue(expectation));
        }
        assertThat(issued).hasSize(1_000).allMatch(token -> token.matches("[0-9a-f]{32}"));
    }

    @Test
    void a_token_is_good_once_for_each_channel_and_slot() throws Exception {
        String token = tokens.issue(expectation);
        tokens.redeem(hello(token, Channel.SIDE, 0));
        tokens.redeem(hello(token, Channel.CALL, 0));
        tokens.redeem(hello(token, Channel.CALL, 1));

        assertUnknown(hello(token, Channel.SIDE, 0));
        assertUnknown(hello(token, Channel.CALL, 1));
    }

    @Test
    void a_wrong_and_a_missing_token_get_the_same_answer() {
        tokens.issue(expectation);

        assertUnknown(hello("0".repeat(32), Channel.SIDE, 0));
        assertUnknown(hello(null, Channel.SIDE, 0));
    }

    @Test
    void a_token_is_good_until_its_time_is_up_and_not_after_it() throws Exception {
        String token = tokens.issue(expectation);
        ticker.advance(LIFETIME);
        assertThat(tokens.redeem(hello(token, Channel.SIDE, 0))).isSameAs(expectation);

        ticker.advance(Duration.ofNanos(1));
        assertUnknown(hello(token, Channel.OUTPUT, 0));
    }

    @Test
    void a_sweep_forgets_what_has_expired_and_nothing_else() throws Exception {
        String old = tokens.issue(expectation);
        ticker.advance(LIFETIME.plusNanos(1));
        String fresh = tokens.issue(expectation);

        tokens.sweep();

        assertUnknown(hello(old, Channel.SIDE, 0));
        assertThat(tokens.redeem(hello(fresh, Channel.SIDE, 0))).isSameAs(expectation);
    }

    @Test
    void of_many_who_redeem_one_token_at_once_one_gets_in() {
        for (int round = 0; round < 500; round++) {
            Hello hello = hello(tokens.issue(expectation), Channel.CALL, 0);
            AtomicInteger in = new AtomicInteger();
            IntStream.range(0, 4).parallel().forEach(i -> {
                try {
                    tokens.redeem(hello);
                    in.incrementAndGet();
                } catch (ProtocolException e) {
                    assertThat(e).hasMessage("unknown token");
                }
            });
            assertThat(in).hasValue(1);
        }
    }

    private void assertUnknown(Hello hello) {
        assertThatThrownBy(() -> tokens.redeem(hello))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("unknown token");
    }

    @SuppressWarnings("NullAway") // a peer may leave the token out
    private static Hello hello(@Nullable String token, Channel channel, int slot) {
        return new Hello(channel, token, 1, slot, List.of());
    }
}
