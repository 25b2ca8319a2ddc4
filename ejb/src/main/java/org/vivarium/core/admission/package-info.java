/**
 * How a call comes to a slot and comes again: its session turn, its permit, its place in the queue, its retries. Start
 * at CallPipeline. Never touches the life cycle of workers.
 */
@NullMarked
package org.vivarium.core.admission;

import org.jspecify.annotations.NullMarked;
