/** What is configured, as resources: parameters of pools, and the files. Start at ParametersResource. */
@NullMarked
package org.vivarium.web.rest.config;

import org.jspecify.annotations.NullMarked;
