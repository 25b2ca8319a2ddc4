package org.vivarium.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vivarium.api.BreakerState;
import org.vivarium.api.OneOf;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.metrics.ErrorRates;
import org.vivarium.api.view.objectives.ObjectiveView;
import org.vivarium.api.view.settings.ParameterView;
import org.vivarium.api.view.worker.DecisionView;
import org.vivarium.api.view.worker.RecoveryCount;
import org.vivarium.core.breaker.CircuitBreaker;
import org.vivarium.core.config.Effect;
import org.vivarium.core.config.ObjectiveTarget;
import org.vivarium.core.metrics.windows.Window;
import org.vivarium.core.recovery.Decision;

/** What the API says a text can be is what the core makes of it. */
class ClosedSetsTest {

    @ParameterizedTest
    @MethodSource
    void the_texts_of_a_member_are_those_of_the_core(
            Class<? extends Record> view, String member, Stream<String> texts) {
        OneOf closed = Arrays.stream(view.getRecordComponents())
                .filter(component -> component.getName().equals(member))
                .findFirst()
                .orElseThrow()
                .getAnnotation(OneOf.class);

        assertThat(List.of(closed.value())).containsExactlyInAnyOrderElementsOf(texts.toList());
    }

    static Stream<Arguments> the_texts_of_a_member_are_those_of_the_core() {
        return Stream.of(
                Arguments.of(DecisionView.class, "decision", decisions()),
                Arguments.of(RecoveryCount.class, "decision", decisions()),
                Arguments.of(
                        ParameterView.class,
                        "effect",
                        Arrays.stream(Effect.values()).map(Effect::toString)),
                Arguments.of(
                        CallStats.class,
                        "window",
                        Arrays.stream(Window.values()).map(Window::label)),
                Arguments.of(
                        ErrorRates.class,
                        "window",
                        Arrays.stream(Window.values()).map(Window::label)),
                Arguments.of(
                        ObjectiveView.class,
                        "indicator",
                        Arrays.stream(ObjectiveTarget.values())
                                .filter(target -> target != ObjectiveTarget.QUANTILE)
                                .map(ObjectiveTarget::key)));
    }

    private static Stream<String> decisions() {
        List<Decision> all = List.of(
                new Decision.ReplaceNow(""),
                new Decision.Degrade(Duration.ZERO, ""),
                new Decision.RetryAfter(Duration.ZERO, ""),
                new Decision.Pace(Duration.ZERO, ""),
                new Decision.AwaitChange(""));
        assertThat(all).hasSameSizeAs(Decision.class.getPermittedSubclasses());
        return all.stream().map(Decision::kind);
    }

    @Test
    void a_breaker_has_the_same_states_everywhere() {
        assertThat(BreakerState.values())
                .extracting(Enum::name)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(CircuitBreaker.Mode.values())
                        .map(Enum::name)
                        .toList());
    }
}
