/**
 * Requests and responses without a thread that waits: bodies that come slowly, clients that read slowly. Also who sent
 * a request, once that is known.
 */
@NullMarked
package org.vivarium.web.http;

import org.jspecify.annotations.NullMarked;
