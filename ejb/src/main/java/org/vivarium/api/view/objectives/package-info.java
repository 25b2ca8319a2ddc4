/** How well service objectives are kept. Start at ObjectivesView. */
@NullMarked
package org.vivarium.api.view.objectives;

import org.jspecify.annotations.NullMarked;
