package org.vivarium.web.security.users;

import java.util.Set;

/** One person or program that may log in. */
public record User(String name, Set<Role> roles, PasswordHash password) {
    public User {
        roles = Set.copyOf(roles);
    }
}
