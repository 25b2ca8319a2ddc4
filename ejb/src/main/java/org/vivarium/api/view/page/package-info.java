/**
 * Long lists in pages: which part is asked for, and a part with how to ask for the next. Knows nothing of what is
 * listed.
 */
@NullMarked
package org.vivarium.api.view.page;

import org.jspecify.annotations.NullMarked;
