/**
 * What to do about a failure of a worker, as a pure decision over a history. Start at RecoveryPolicy; docs/RECOVERY.md
 * has the table in words. Acts on nothing.
 */
@NullMarked
package org.vivarium.core.recovery;

import org.jspecify.annotations.NullMarked;
