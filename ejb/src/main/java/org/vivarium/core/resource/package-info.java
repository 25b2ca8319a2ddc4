/**
 * What the machine, the JVM and our Python processes use, found by parentage from what we started. Start at
 * ResourceMonitor. Must not know how a pool works, and cannot call one.
 */
@NullMarked
package org.vivarium.core.resource;

import org.jspecify.annotations.NullMarked;
