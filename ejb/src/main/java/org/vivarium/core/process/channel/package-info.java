/**
 * The connection over which calls travel to one slot of a worker, with the memory that both share. Start at
 * CallChannel. Belongs to the hot path: no locks, no threads of its own.
 */
@NullMarked
package org.vivarium.core.process.channel;

import org.jspecify.annotations.NullMarked;
