/** Who somebody is: credentials, login sessions, limits on guessing. Start at Authenticator. */
@NullMarked
package org.vivarium.web.security.login;

import org.jspecify.annotations.NullMarked;
