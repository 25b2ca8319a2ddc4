/**
 * Who may do what: users and their hashes, login, roles, and protection from other sites. Start at SecurityFilter;
 * every decision is a plain class beside it. Knows nothing of pools.
 */
@NullMarked
package org.vivarium.web.security;

import org.jspecify.annotations.NullMarked;
