/**
 * What happened in a pool, as values: one sealed event and its records. Handlers and live views switch over PoolEvent.
 */
@NullMarked
package org.vivarium.api.event;

import org.jspecify.annotations.NullMarked;
