/**
 * Conversations that outlive their workers: the state that a worker saved last, and whose turn it is. Start at
 * {@link org.vivarium.core.session.SessionTable}. Knows nothing of workers and of what the bytes mean.
 */
@NullMarked
package org.vivarium.core.session;

import org.jspecify.annotations.NullMarked;
