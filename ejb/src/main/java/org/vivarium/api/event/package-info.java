/** What happened in a pool, as values: one record for each kind, all of them in the catalogue EventType. */
@NullMarked
package org.vivarium.api.event;

import org.jspecify.annotations.NullMarked;
