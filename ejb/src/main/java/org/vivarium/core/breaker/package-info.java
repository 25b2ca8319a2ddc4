/**
 * The circuit breakers of programs, and which failures they count. Start at CircuitBreaker. Knows no pool and no
 * worker.
 */
@NullMarked
package org.vivarium.core.breaker;

import org.jspecify.annotations.NullMarked;
