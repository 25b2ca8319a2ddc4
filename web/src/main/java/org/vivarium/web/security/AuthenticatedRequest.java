package org.vivarium.web.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.util.Arrays;
import org.vivarium.web.http.KnownClient;
import org.vivarium.web.security.users.Role;
import org.vivarium.web.security.users.User;

/** A request that knows its user and the user's roles, by their names such as {@code vivarium-viewer}. */
final class AuthenticatedRequest extends HttpServletRequestWrapper {
    private final User user;
    private final String scheme;

    AuthenticatedRequest(HttpServletRequest request, User user, String scheme) {
        super(request);
        this.user = user;
        this.scheme = scheme;
    }

    @Override
    public Principal getUserPrincipal() {
        return new KnownClient(user.name(), getRemoteAddr(), getQueryString());
    }

    @Override
    public String getRemoteUser() {
        return user.name();
    }

    @Override
    public boolean isUserInRole(String role) {
        return user.roles().stream()
                .anyMatch(held -> Arrays.stream(Role.values())
                        .anyMatch(known -> known.code().equals(role) && held.covers(known)));
    }

    @Override
    public String getAuthType() {
        return scheme;
    }
}
