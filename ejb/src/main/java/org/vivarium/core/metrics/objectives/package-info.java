/**
 * How well service objectives are kept: counts, levels, error budgets. Start at ObjectiveEvaluator, which is pure.
 * Knows no pool but by name.
 */
@NullMarked
package org.vivarium.core.metrics.objectives;

import org.jspecify.annotations.NullMarked;
