/** The read side for dashboards and REST: records only, each a consistent picture of one moment. */
@NullMarked
package org.vivarium.api.view;

import org.jspecify.annotations.NullMarked;
