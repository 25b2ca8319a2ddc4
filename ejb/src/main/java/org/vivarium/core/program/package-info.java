/** The programs of a pool, as its workers have reported them. Start at ProgramCatalog. Runs none of them. */
@NullMarked
package org.vivarium.core.program;

import org.jspecify.annotations.NullMarked;
