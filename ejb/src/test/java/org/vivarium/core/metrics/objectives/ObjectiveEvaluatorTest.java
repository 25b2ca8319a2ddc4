package org.vivarium.core.metrics.objectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.vivarium.api.ObjectiveLevel;
import org.vivarium.core.config.ObjectiveTarget;

class ObjectiveEvaluatorTest {
    private static final ObjectiveTarget SUCCESS = ObjectiveTarget.SUCCESS_RATIO;

    private static Tally tally(long calls, long failed) {
        return new Tally(calls, failed, 0, 0, 0);
    }

    @Property
    void nothing_bad_leaves_the_whole_budget_and_burns_none(
            @ForAll @IntRange(min = 1, max = 1_000_000) int calls,
            @ForAll @DoubleRange(min = 0.01, max = 0.99999) @Scale(5) double demanded) {
        assertThat(ObjectiveEvaluator.budgetLeft(SUCCESS, tally(calls, 0), demanded))
                .isEqualTo(1);
        assertThat(ObjectiveEvaluator.burnRate(SUCCESS, tally(calls, 0), demanded))
                .isZero();
    }

    @Property
    void a_burn_rate_of_one_uses_the_budget_up_exactly(
            @ForAll @IntRange(min = 1, max = 100_000) int allowed, @ForAll @IntRange(min = 2, max = 1_000) int one) {
        double demanded = 1 - 1.0 / one; // one of so many may fail
        Tally exact = tally((long) allowed * one, allowed);

        double burnRate = ObjectiveEvaluator.burnRate(SUCCESS, exact, demanded);

        assertThat(burnRate).isEqualTo(1);
        assertThat(ObjectiveEvaluator.budgetLeft(SUCCESS, exact, demanded)).isZero();
        assertThat(ObjectiveLevel.of(burnRate)).isEqualTo(ObjectiveLevel.CRITICAL);
    }

    @Property
    void there_is_a_number_where_there_are_calls_and_none_where_there_are_none(
            @ForAll @IntRange(max = 10_000) int good,
            @ForAll @IntRange(max = 10_000) int bad,
            @ForAll @DoubleRange(min = 0.01, max = 0.99999) @Scale(5) double demanded) {
        Tally seen = tally(good + bad, bad);
        List<Double> numbers = List.of(
                ObjectiveEvaluator.burnRate(SUCCESS, seen, demanded),
                ObjectiveEvaluator.budgetLeft(SUCCESS, seen, demanded));

        assertThat(numbers).allMatch(number -> good + bad == 0 ? Double.isNaN(number) : Double.isFinite(number));
    }

    @Property
    void what_goes_wrong_adds_up(
            @ForAll @IntRange(min = 1, max = 10_000) int calls,
            @ForAll @IntRange(max = 10_000) int bad,
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double demanded) {
        long worse = Math.min(bad, calls);
        double before = ObjectiveEvaluator.budgetLeft(SUCCESS, tally(calls, worse / 2), demanded);
        double after = ObjectiveEvaluator.budgetLeft(SUCCESS, tally(calls, worse), demanded);

        assertThat(after).isLessThanOrEqualTo(before);
        assertThat(1 - after)
                .isCloseTo(ObjectiveEvaluator.burnRate(SUCCESS, tally(calls, worse), demanded), within(1e-6));
    }

    @Property
    void a_level_is_never_better_when_more_is_used(
            @ForAll @DoubleRange(max = 10) double one, @ForAll @DoubleRange(max = 10) double other) {
        ObjectiveLevel low = ObjectiveLevel.of(Math.min(one, other));
        ObjectiveLevel high = ObjectiveLevel.of(Math.max(one, other));

        assertThat(high).isGreaterThanOrEqualTo(low);
        assertThat(low.or(high)).isEqualTo(high);
        assertThat(ObjectiveLevel.of(Double.NaN)).isEqualTo(ObjectiveLevel.NO_DATA);
    }
}
