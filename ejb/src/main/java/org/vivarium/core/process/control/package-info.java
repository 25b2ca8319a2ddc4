/**
 * The one thread that accepts connections of Python processes and reads all that are no call channels. Start at
 * ControlLoop. Knows what a connection is for only by the token that it brings.
 */
@NullMarked
package org.vivarium.core.process.control;

import org.jspecify.annotations.NullMarked;
