/**
 * The trace that a caller brings along, and the spans that a tracing system of the server may record. Start at
 * TraceContext. Knows no tracing system.
 */
@NullMarked
package org.vivarium.core.trace;

import org.jspecify.annotations.NullMarked;
