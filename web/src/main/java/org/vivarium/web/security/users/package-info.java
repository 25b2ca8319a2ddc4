/** The users, their roles and the hashes of their passwords. Start at UserStore. */
@NullMarked
package org.vivarium.web.security.users;

import org.jspecify.annotations.NullMarked;
