/** One worker as the pool sees it: identity, state machine with history, health. Start at Worker. */
@NullMarked
package org.vivarium.core.worker;

import org.jspecify.annotations.NullMarked;
