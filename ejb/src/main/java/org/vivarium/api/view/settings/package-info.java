/** Read-only values: parameters, and what became of them. Start at ParameterView. */
@NullMarked
package org.vivarium.api.view.settings;

import org.jspecify.annotations.NullMarked;
