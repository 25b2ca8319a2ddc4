/** What machine, JVM and Python processes use. Start at ResourcesView. */
@NullMarked
package org.vivarium.api.view.resources;

import org.jspecify.annotations.NullMarked;
