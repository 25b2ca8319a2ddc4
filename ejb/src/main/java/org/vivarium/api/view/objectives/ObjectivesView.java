package org.vivarium.api.view.objectives;

import java.time.Instant;
import java.util.List;

/**
 * The service objectives of one pool at one moment.
 *
 * @param targets one for each target of each objective, by the name of the objective
 */
public record ObjectivesView(String pool, Instant at, ObjectiveSummary worst, List<ObjectiveView> targets) {}
