/** Snapshots of pools, calls and sessions for reading. Start at PoolView. Immutable records without behaviour. */
@NullMarked
package org.vivarium.api.view;

import org.jspecify.annotations.NullMarked;
