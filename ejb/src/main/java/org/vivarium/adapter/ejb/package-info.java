/** EJB timers that drive the periodic jobs of the core, with intervals that can be changed while they run. */
@NullMarked
package org.vivarium.adapter.ejb;

import org.jspecify.annotations.NullMarked;
