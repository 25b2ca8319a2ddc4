/**
 * What every log line says about a call, a worker or a pool, how text from outside is made safe for a log, and the
 * lines that tell who changed what. Start at LogFields and Audit.
 */
@NullMarked
package org.vivarium.core.log;

import org.jspecify.annotations.NullMarked;
