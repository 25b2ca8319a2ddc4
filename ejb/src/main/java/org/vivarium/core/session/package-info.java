/**
 * Conversations that outlive their workers: the state that a worker saved last, whose turn it is, and which worker they
 * are bound to. Start at {@link org.vivarium.core.session.SessionTable}. Knows nothing of pools and of what the bytes
 * mean.
 */
@NullMarked
package org.vivarium.core.session;

import org.jspecify.annotations.NullMarked;
