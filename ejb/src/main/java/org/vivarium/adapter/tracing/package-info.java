/**
 * Makes OpenTelemetry spans of calls where the server offers its API. Start at ServerTracing. Must not be needed:
 * nothing else may touch a class of OpenTelemetry, which need not be there.
 */
@NullMarked
package org.vivarium.adapter.tracing;

import org.jspecify.annotations.NullMarked;
