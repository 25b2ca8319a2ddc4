/** What to do about a failure, as pure decisions: start at RecoveryPolicy. Someone else acts. */
@NullMarked
package org.vivarium.core.recovery;

import org.jspecify.annotations.NullMarked;
