/** The paths for who changed what. Start at ChangesResource. */
@NullMarked
package org.vivarium.web.rest.changes;

import org.jspecify.annotations.NullMarked;
