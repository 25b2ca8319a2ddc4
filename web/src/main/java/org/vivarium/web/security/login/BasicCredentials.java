package org.vivarium.web.security.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Name and password of the header {@code Authorization: Basic …}. */
public record BasicCredentials(String name, String password) {
    private static final String SCHEME = "Basic ";

    /** Returns what {@code header} says; empty if it is missing, of another scheme, or not understood. */
    public static Optional<BasicCredentials> parse(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        try {
            String text = new String(
                    Base64.getDecoder().decode(header.substring(SCHEME.length()).strip()), UTF_8);
            int colon = text.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new BasicCredentials(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException e) { // not Base64: the same as no credentials
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "BasicCredentials[of " + name + ']'; // never the password
    }
}
