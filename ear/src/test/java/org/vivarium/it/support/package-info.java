/**
 * What integration tests stand on: the server with the EAR on it, and a client for it. Start at
 * {@link org.vivarium.it.support.OnServer}.
 */
@NullMarked
package org.vivarium.it.support;

import org.jspecify.annotations.NullMarked;
