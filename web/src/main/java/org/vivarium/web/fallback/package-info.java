/**
 * Problem documents for requests that reach no resource: the paths of nobody, and the server while it is suspended.
 * Start at ErrorServlet.
 */
@NullMarked
package org.vivarium.web.fallback;

import org.jspecify.annotations.NullMarked;
