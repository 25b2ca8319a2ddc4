/** Calls over HTTP, by the asynchronous side of the Servlet API alone. Start at CallFilter. */
@NullMarked
package org.vivarium.web.call;

import org.jspecify.annotations.NullMarked;
