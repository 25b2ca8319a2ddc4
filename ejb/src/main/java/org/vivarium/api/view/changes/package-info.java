/** Read-only values: who changed what, and whether the record of it is whole. Start at ChangeView. */
@NullMarked
package org.vivarium.api.view.changes;

import org.jspecify.annotations.NullMarked;
