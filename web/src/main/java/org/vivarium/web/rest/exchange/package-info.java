/**
 * How a request is read and an answer written: headers, bodies, streams, failures. Start at RequestBody. Knows no
 * resource.
 */
@NullMarked
package org.vivarium.web.rest.exchange;

import org.jspecify.annotations.NullMarked;
