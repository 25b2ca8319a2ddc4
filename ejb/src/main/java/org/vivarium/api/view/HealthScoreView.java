package org.vivarium.api.view;

import org.vivarium.api.OneOf;

/**
 * How well a pool does.
 *
 * @param score from 0 to 100
 * @param colour {@code green} from 80, {@code yellow} from 60, else {@code red}
 * @param utilizationTerm from 0 to 1, weighs 30
 * @param successTerm from 0 to 1, weighs 50
 * @param latencyTerm from 0 to 1, weighs 20
 */
public record HealthScoreView(
        double score,
        @OneOf({"green", "yellow", "red"}) String colour,
        double utilizationTerm,
        double successTerm,
        double latencyTerm) {}
