/**
 * What Python processes print and log, and the stacks that they dump. Start at OutputRelay. Must never delay who reads
 * the channels.
 */
@NullMarked
package org.vivarium.core.process.output;

import org.jspecify.annotations.NullMarked;
