/** The OpenAPI document, derived from the resource classes and their annotations. Start at OpenApi. */
@NullMarked
package org.vivarium.web.rest.openapi;

import org.jspecify.annotations.NullMarked;
