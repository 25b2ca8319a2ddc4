package org.vivarium.web.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.vivarium.api.view.settings.HttpLimits;
import org.vivarium.web.call.IdempotentCalls.Answer;
import org.vivarium.web.call.IdempotentCalls.Claim;
import org.vivarium.web.rest.exchange.ProblemException;

class IdempotentCallsTest {
    private static final IdempotentCalls.Key KEY = new IdempotentCalls.Key("ann", "k1");
    private static final byte[] CALL = IdempotentCalls.fingerprint("{}".getBytes(UTF_8), "default", "echo");
    private static final byte[] OTHER = IdempotentCalls.fingerprint("{}".getBytes(UTF_8), "default", "other");
    private static final Answer ANSWER = new Answer(200, "application/json", new byte[] {'1'});

    private long now;
    private HttpLimits.Answers limits = new HttpLimits.Answers(Duration.ofMinutes(10), 10_000, 32 << 20, 1 << 20);
    private final IdempotentCalls calls = new IdempotentCalls(() -> now, () -> limits);

    @Test
    void the_first_call_runs_and_whoever_repeats_it_gets_its_answer() {
        assertThat(calls.claim(KEY, CALL).first()).isTrue();
        Claim meanwhile = calls.claim(KEY, CALL);
        assertThat(meanwhile.first()).isFalse();
        assertThat(meanwhile.answer()).isNotDone();
        calls.answered(KEY, ANSWER);
        assertThat(meanwhile.answer()).isCompletedWithValue(ANSWER);
        assertThat(calls.claim(KEY, CALL).answer()).isCompletedWithValue(ANSWER);
    }

    @Test
    void keys_of_other_users_are_other_keys() {
        calls.claim(KEY, CALL);
        assertThat(calls.claim(new IdempotentCalls.Key("bob", "k1"), CALL).first())
                .isTrue();
    }

    @Test
    void a_key_of_another_call_is_refused() {
        calls.claim(KEY, CALL);
        assertType(() -> calls.claim(KEY, OTHER), "IdempotencyKeyReused");
    }

    @Test
    void after_ten_minutes_a_key_is_new_but_not_while_its_call_runs() {
        calls.claim(KEY, CALL);
        now += limits.kept().toNanos() + 1;
        assertThat(calls.claim(KEY, CALL).first()).isFalse();
        calls.answered(KEY, ANSWER);
        now += limits.kept().toNanos();
        assertThat(calls.claim(KEY, CALL).first()).isFalse();
        now += Duration.ofSeconds(1).toNanos();
        assertThat(calls.claim(KEY, CALL).first()).isTrue();
    }

    @Test
    void a_call_that_did_not_run_may_be_sent_again() {
        Claim first = calls.claim(KEY, CALL);
        Answer full = new Answer(503, "application/problem+json", new byte[0]);
        calls.forget(KEY, full);
        assertThat(first.answer()).isCompletedWithValue(full);
        assertThat(calls.claim(KEY, CALL).first()).isTrue();
    }

    @Test
    void an_answer_that_is_too_large_is_not_kept_and_the_program_does_not_run_again() {
        calls.claim(KEY, CALL);
        calls.answered(KEY, new Answer(200, "application/json", null));
        assertType(() -> calls.claim(KEY, CALL), "AnswerNotKept");
    }

    @Test
    void the_oldest_answers_make_way_for_younger_ones() {
        for (int i = 0; i < 40; i++) {
            IdempotentCalls.Key key = new IdempotentCalls.Key("ann", "k" + i);
            calls.claim(key, CALL);
            calls.answered(key, new Answer(200, "application/json", new byte[(int) limits.answerBytes()]));
        }
        assertType(() -> calls.claim(new IdempotentCalls.Key("ann", "k0"), CALL), "AnswerNotKept");
        assertThat(calls.claim(new IdempotentCalls.Key("ann", "k39"), CALL).first())
                .isFalse();
    }

    @Test
    void limits_that_change_count_at_once() {
        calls.claim(KEY, CALL);
        calls.answered(KEY, ANSWER);
        limits = new HttpLimits.Answers(Duration.ofMinutes(1), 10_000, 32 << 20, 1 << 20);
        now += Duration.ofMinutes(2).toNanos();

        assertThat(calls.claim(KEY, CALL).first()).isTrue();
    }

    private static void assertType(org.assertj.core.api.ThrowableAssert.ThrowingCallable claim, String type) {
        assertThatThrownBy(claim)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().type()).isEqualTo(type));
    }
}
