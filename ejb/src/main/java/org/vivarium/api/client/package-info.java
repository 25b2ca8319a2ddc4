/**
 * Turns the in-server bridge of JDK types into a typed PythonPool inside the caller's own class loader. Start at
 * BridgedPool. Knows nothing of the service behind the bridge.
 */
@NullMarked
package org.vivarium.api.client;

import org.jspecify.annotations.NullMarked;
