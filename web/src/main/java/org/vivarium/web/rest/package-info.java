/**
 * The REST interface below /vivarium/api: thin resources over ServiceOperations. Start at PoolsResource and
 * ProgramsResource; the OpenAPI document is derived from the resources. Knows nothing of users but their names.
 */
@NullMarked
package org.vivarium.web.rest;

import org.jspecify.annotations.NullMarked;
