package org.vivarium.web.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, after the login was checked.
 *
 * @param name the user
 * @param address the IP address that the request came from
 * @param query of the request, still encoded; {@code null} if it has none
 */
public record KnownClient(
        String name, String address, @Nullable String query) implements Principal {
    /** The parameter of the query in which a client says why it changes something. */
    public static final String REASON = "reason";

    @Override
    public String getName() {
        return name;
    }

    /**
     * Returns why the client asks for it, in its words; {@code null} if it says nothing.
     *
     * @throws IllegalArgumentException if that is not encoded as it must be
     */
    public @Nullable String reason() {
        String before = REASON + '=';
        return query == null
                ? null
                : Arrays.stream(query.split("&", -1))
                        .filter(each -> each.startsWith(before))
                        .map(each -> URLDecoder.decode(each.substring(before.length()), StandardCharsets.UTF_8))
                        .findFirst()
                        .orElse(null);
    }
}
