/**
 * Who changed what, in files that only grow and in which each record vouches for the one before it. Start at
 * ChangeRecorder, then ChangeLog. Must not know what the changes are about.
 */
@NullMarked
package org.vivarium.core.changes;

import org.jspecify.annotations.NullMarked;
