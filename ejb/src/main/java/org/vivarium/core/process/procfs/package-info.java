/**
 * What the kernel says about a process, by the files below /proc. Start at ProcessSampler. Reads only; sends no
 * signals.
 */
@NullMarked
package org.vivarium.core.process.procfs;

import org.jspecify.annotations.NullMarked;
