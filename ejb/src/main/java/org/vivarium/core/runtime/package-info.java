/** Builds and closes the whole object graph. No logic. */
@NullMarked
package org.vivarium.core.runtime;

import org.jspecify.annotations.NullMarked;
