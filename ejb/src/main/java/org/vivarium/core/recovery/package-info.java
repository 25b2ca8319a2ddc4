/** What to do about a failure, as pure decisions. Someone else acts. */
@NullMarked
package org.vivarium.core.recovery;

import org.jspecify.annotations.NullMarked;
