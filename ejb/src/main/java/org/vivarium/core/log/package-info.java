/**
 * What every log line says about a call, a worker or a pool, and how text from outside is made safe for a log. Start at
 * LogFields.
 */
@NullMarked
package org.vivarium.core.log;

import org.jspecify.annotations.NullMarked;
