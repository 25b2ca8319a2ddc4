/**
 * Interfaces whose methods are calls of Python programs. Start at ProgramProxy. Knows pools only by what PythonPool
 * says, and neither injection nor the bridge.
 */
@NullMarked
package org.vivarium.api.program;

import org.jspecify.annotations.NullMarked;
