package org.vivarium.web.security;

import java.util.Set;

/** One person or program that may log in. */
record User(String name, Set<Role> roles, PasswordHash password) {
    User {
        roles = Set.copyOf(roles);
    }
}
