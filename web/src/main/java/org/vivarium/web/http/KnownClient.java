package org.vivarium.web.http;

import java.security.Principal;

/**
 * Who sent a request, after the login was checked.
 *
 * @param name the user
 * @param address the IP address that the request came from
 */
public record KnownClient(String name, String address) implements Principal {
    @Override
    public String getName() {
        return name;
    }
}
